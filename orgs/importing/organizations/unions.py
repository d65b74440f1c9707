"""Which industrial union a row names: one of the branch, another row of the file, or one near the branch."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from orgs.importing.organizations.tree import DEEPEST, Existing, Node, Tree
from orgs.importing.paths import folded_path, joined, last
from orgs.models import Level, Organization, path_ids
from orgs.queries import in_subtree
from orgs.services.affiliation import industrial_unions
from orgs.services.base import batches

if TYPE_CHECKING:
    from orgs.models import User


def unions_outside(by: User | None, branch: Organization) -> dict[int, tuple[Existing, str]]:
    """By key: the unions outside of the branch that its rows may name, and those that its organisations have now, each
    as lists write it: in names from the very top down.
    """
    inside = in_subtree(branch.path)
    had = Organization.objects.filter(inside, industrial_union__isnull=False).order_by().values("industrial_union")
    near = industrial_unions(by, branch).order_by().values("pk")
    found = Organization.objects.filter(Q(pk__in=had) | Q(pk__in=near)).exclude(inside)
    unions = [Existing._make(row) for row in found.values_list(*Existing._fields)]
    names: dict[int, str] = {}
    for keys in batches(sorted({key for union in unions for key in path_ids(union.path)})):
        names |= dict(Organization.objects.filter(pk__in=keys).values_list("pk", "name"))
    return {union.pk: (union, joined([names[key] for key in path_ids(union.path)])) for union in unions}


class Unions:
    """Finds them. What can't be found is added to the problems of the row."""

    def __init__(self, tree: Tree, outside: dict[int, tuple[Existing, str]]) -> None:
        self.tree = tree
        self.outside = {pk: Node(one.name, folded_path(one.name), one) for pk, (one, _path) in outside.items()}
        self.paths = {pk: folded_path(path) for pk, (_one, path) in outside.items()}
        self.by_code = {one.code: self.outside[pk] for pk, (one, _path) in outside.items() if one.code}
        self.by_ending: defaultdict[str, list[int]] = defaultdict(list)
        for pk, path in self.paths.items():
            self.by_ending[last(path, 1)].append(pk)

    def had_by(self, existing: Existing) -> Node | None:
        """The union that an organisation has now."""
        key = existing.industrial_union_id or 0
        inside = self.tree.by_pk.get(key)
        return inside.itself if inside else self.outside.get(key)

    def named_by(self, node: Node) -> Node | None:
        """The union that a row names; None with a problem where there is none, or several."""
        typed = node.cells.industrial_union if node.cells else ""
        had = self.had_by(node.existing) if node.existing else None
        if had and had.existing and folded_path(typed) == self._written(had.existing):
            return had
        found = self._meant(folded_path(typed), typed)
        if len(found) == 1:
            return found[0]
        sentence = (
            _("“%(name)s” may mean several organisations: write its credit code or the names above it.")
            if found
            else _("There is no industrial union “%(name)s” near the branch of “%(branch)s” or in this list.")
        )
        node.wrong("industrial_union", sentence % {"name": typed[:60], "branch": self.tree.top.name})
        return None

    def _written(self, union: Existing) -> str:
        return self.paths[union.pk] if union.pk in self.paths else folded_path(self.tree.written(union))

    def _meant(self, path: str, typed: str) -> list[Node]:
        coded = self.by_code.get(path.upper())
        named = [pk for pk in self.by_ending.get(last(path, 1), ()) if f"/{self.paths[pk]}".endswith(f"/{path}")]
        found = [coded] if coded else [*self.tree.meant(typed), *(self.outside[pk] for pk in named)]
        if len(found) > 1:
            found = [one for one in found if level_of(one) == Level.INDUSTRY] or found
        if len(found) > 1:
            found = [one for one in found if one.existing and self._written(one.existing) == path] or found
        return found

    def unfit(self, node: Node, union: Node) -> str:
        """Why the two can't go together as they will stand when the file is written; empty if they can."""
        names = {"union": union.name, "name": node.name}
        if union is node:
            return _("“%(name)s” can't be its own industrial union.") % names
        if union is self.tree.parent_of(node):
            return _("“%(union)s” is the superior union of “%(name)s” already.") % names
        if node in islice(self.tree.chain(union), DEEPEST):
            return _("“%(union)s” stands below “%(name)s” and can't be its industrial union.") % names
        return ""

    def unfit_as_new(self, node: Node, union: Node) -> str:
        """The same of a union that the organisation does not have yet."""
        if union.existing and union.existing.closed_on:
            return _("“%(name)s” is closed: nothing can come under it.") % {"name": union.name}
        if level_of(union) != Level.INDUSTRY:
            return _("“%(name)s” is no industrial union: its level is not “Industry”.") % {"name": union.name}
        return self.unfit(node, union)


def level_of(node: Node) -> str:
    """What its row says, or what it is."""
    given = node.cells.given.get("level") if node.cells else None
    return str(given or (node.existing.level if node.existing else node.level))
