"""What writing a list would do, row by row. Reads the branch once; writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from orgs.importing.organizations.cells import parse, readers
from orgs.importing.organizations.grow import grow
from orgs.importing.organizations.tree import Existing, Node, Tree
from orgs.importing.organizations.unions import Unions, unions_outside
from orgs.importing.spec import Checked
from orgs.models import Level, Organization, OrganizationKind, Outcome
from orgs.names import sort_key
from orgs.permissions import may_place
from orgs.queries import ancestors, subtree
from orgs.services.base import BATCH, batches
from orgs.services.creating import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orgs.importing.spec import ListRow
    from orgs.models import User

BELOW = {
    Level.PROVINCE: Level.CITY,
    Level.CITY: Level.COUNTY,
    Level.COUNTY: Level.TOWNSHIP,
    Level.TOWNSHIP: Level.GRASSROOTS,
    Level.INDUSTRY: Level.GRASSROOTS,
    Level.GRASSROOTS: Level.GRASSROOTS,
}
"""The level of a new organisation whose row says none and whose kind tells none, by its superior's."""

PLACED = ("kind", "level", "industrial_union")
"""What only administrators of a union above decide."""

PLAIN = ("name", "code", "level", "members", "contact", "phone")
SHOWN = ("name", "code", "parent", "industrial_union", "kind", "level", "members", "contact", "phone")


def check(rows: list[ListRow], branch: Organization, by: User) -> Iterator[Checked]:
    """See `ListSpec.check`."""
    reader = readers()
    cells = [parse(row, reader) for row in rows]
    organizations = map(Existing._make, subtree(branch).values_list(*Existing._fields).iterator(BATCH))
    tree = grow(branch.pk, (above.name for above in ancestors(branch)), organizations, cells)
    for node in tree.rows:
        tree.place(node)
    _find_loops(tree)
    _find_foreign_codes(tree)
    _find_namesakes(tree)
    unions = Unions(tree, unions_outside(by, branch))
    judge = _Judge(tree, unions, may_place=by.is_superuser or may_place(by, branch))
    yield from map(judge.judged, tree.rows)


# --- What one row says only together with others ---------------------------------------------------------------------


def _find_loops(tree: Tree) -> None:
    """Name the rows that stand above each other in a circle, and those too deep to be written."""
    depth: dict[Node, int] = {}
    for row in tree.rows:
        way: list[Node] = []
        node: Node | None = row.itself
        on_way: set[Node] = set()
        while node and node not in depth and node not in on_way:
            way.append(node)
            on_way.add(node)
            node = tree.parent_of(node)
        if node in on_way:
            _name_loop(way[way.index(node) :])
        start = depth.get(node, 0) if node else 0
        for steps, passed in enumerate(reversed(way), 1):
            depth[passed] = start + steps
            if depth[passed] > MAX_DEPTH - tree.head_depth:
                passed.wrong("parent", _("The tree would become deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})


def _name_loop(loop: list[Node]) -> None:
    words = " → ".join(node.name for node in [*loop[:5], loop[0]])
    for node in loop:
        node.wrong("parent", _("These stand under each other in a circle: %(names)s.") % {"names": words})


def _find_foreign_codes(tree: Tree) -> None:
    """A code may belong to an organisation that this person can't see: say so, and nothing else of it."""
    unknown = {code: node for code, node in tree.by_code.items() if node.existing is None or _changes_code(node)}
    for codes in batches(sorted(unknown)):
        taken = Organization.objects.filter(code__in=codes).exclude(pk__in=tree.by_pk)
        for code in taken.values_list("code", flat=True):
            unknown[str(code)].wrong(
                "code",
                _("The credit code %(code)s belongs to an organisation outside the branch of “%(branch)s”.")
                % {"code": code, "branch": tree.top.name},
            )


def _changes_code(node: Node) -> bool:
    return bool(node.existing and node.cells and node.cells.given.get("code") not in {None, node.existing.code})


def _find_namesakes(tree: Tree) -> None:
    """No two organisations of one name under one superior, as it will be when the file is written."""
    first: dict[tuple[Node, str], Node] = {}
    for node in tree.rows:
        parent = tree.parent_of(node)
        if parent is None or not node.name or node.cells is None:
            continue
        other = first.setdefault((parent, node.key), node)
        if other is not node and _is_news(tree, node, other):
            number = other.cells.number if other.cells else 0
            node.wrong("name", _("The same name stands under the same superior in row %(row)d.") % {"row": number})
        for stands in tree.children.get((parent.existing.pk, node.key), ()) if parent.existing else ():
            if stands.twin is None and stands.existing is not node.existing and _is_news(tree, node):
                sentence = _("“%(name)s” already stands under “%(parent)s”.")
                node.wrong("name", sentence % {"name": stands.name, "parent": parent.name})


def _is_news(tree: Tree, *nodes: Node) -> bool:
    """Whether one of them does not stand there under this name already: what was so before is no fault of the list."""
    for node in nodes:
        parent = tree.parent_of(node)
        stands = node.existing and parent and parent.existing and node.existing.parent_id == parent.existing.pk
        if not stands or (node.existing and node.existing.name != node.name):
            return True
    return False


# --- One row ---------------------------------------------------------------------------------------------------------


class _Judge:
    """Outcome, values and changes of a row that has its place."""

    def __init__(self, tree: Tree, unions: Unions, *, may_place: bool) -> None:
        self.tree = tree
        self.unions = unions
        self.may_place_head = may_place
        self.kinds = dict(OrganizationKind.objects.values_list("pk", "name"))
        self.levels = dict(Level.choices)
        self.usual = _usual_levels(tree)

    def judged(self, node: Node) -> Checked:
        if node.cells is None:
            raise TypeError(node)
        checked = Checked(node.cells.number, Outcome.WRONG, node.name)
        if node.existing:
            values = self._changed(node, node.existing)
            checked.target = node.existing.pk
            checked.outcome = Outcome.CHANGED if values else Outcome.UNCHANGED
        else:
            values = self._new(node)
            checked.outcome = Outcome.NEW
        checked.changes = [
            (name, self._old_words(node, name), self._words(name, values[name])) for name in SHOWN if name in values
        ]
        if node.cells.problems:
            checked.outcome, checked.problems = Outcome.WRONG, list(dict.fromkeys(node.cells.problems))
            return checked
        checked.values = {name: _plain(value) for name, value in values.items()}
        if "name" in values:
            checked.values["sort_key"] = sort_key(node.name)
        return checked

    def _new(self, node: Node) -> dict[str, Any]:
        given = node.cells.given if node.cells else {}
        values = {name: given[name] for name in PLAIN if given.get(name) not in {None, ""}}
        parent = self.tree.parent_of(node)
        if parent:
            values["parent"] = parent
            self._refuse_closed(node, parent)
        if "kind" in given:
            values["kind"] = given["kind"].pk
            values["level"] = self._level(node)
        elif node.cells and "kind" not in dict(node.cells.problems):
            node.wrong("kind", _("A new organisation needs a kind."))
        return values | self._industrial_union(node)

    def _changed(self, node: Node, existing: Existing) -> dict[str, Any]:
        given = node.cells.given if node.cells else {}
        values = {name: given[name] for name in PLAIN if name in given and given[name] != getattr(existing, name)}
        if "kind" in given and given["kind"].pk != existing.kind_id:
            values["kind"] = given["kind"].pk
        parent = self.tree.parent_of(node)
        if parent and (parent.existing is None or parent.existing.pk != existing.parent_id):
            values["parent"] = parent
            self._refuse_closed(node, parent)
        values |= self._industrial_union(node)
        if values and existing.closed_on:
            node.wrong("", _("“%(name)s” is closed: reopen it first.") % {"name": existing.name})
        placed = [name for name in PLACED if name in values]
        if existing is self.tree.top.existing and placed and not self.may_place_head:
            node.wrong(placed[0], self._set_above(placed[0]))
        return values

    @staticmethod
    def _set_above(name: str) -> str:
        if name == "industrial_union":
            return _("The industrial union is set by the superior union.")
        return _("Kind and level are set by the superior union.")

    def _industrial_union(self, node: Node) -> dict[str, Any]:
        """The second superior, if the row changes it. The one that stays must still fit where the row moves to."""
        had = self.unions.had_by(node.existing) if node.existing else None
        cells = node.cells
        if cells is None or "industrial_union" in cells.given:
            return {"industrial_union": None} if had else {}
        union = self.unions.named_by(node) if cells.industrial_union else had
        if union is None:
            return {}
        if fault := self.unions.unfit(node, union) if union is had else self.unions.unfit_as_new(node, union):
            node.wrong("industrial_union" if cells.industrial_union else "parent", fault)
        return {} if union is had else {"industrial_union": union}

    def _refuse_closed(self, node: Node, parent: Node) -> None:
        if parent.existing and parent.existing.closed_on:
            node.wrong("parent", _("“%(name)s” is closed: nothing can come under it.") % {"name": parent.name})

    def _level(self, node: Node) -> str:
        """What the row says; else what its kind is named after, or mostly has; else what follows from its superior."""
        way: list[Node] = []
        above: Node | None = node
        while above and not above.level and len(way) <= MAX_DEPTH:
            above.level = self._own_level(above)
            way.append(above)
            above = above if above.level else self.tree.parent_of(above)
        level = above.level if above else Level.GRASSROOTS
        for below in reversed(way):
            below.level = level = below.level or BELOW[Level(level)]
        return level

    def _own_level(self, node: Node) -> str:
        given = node.cells.given if node.cells else {}
        if given.get("level"):
            return str(given["level"])
        if node.existing:
            return node.existing.level
        if "kind" not in given:
            return ""
        kind = given["kind"]
        return kind.code if kind.code in self.levels else self.usual.get(kind.pk, "")

    def _old_words(self, node: Node, name: str) -> str:
        existing = node.existing
        if existing is None:
            return ""
        if name == "parent":
            parent = self.tree.up(existing)
            return parent.existing.name if parent and parent.existing else ""
        if name == "industrial_union":
            union = self.unions.had_by(existing)
            return union.existing.name if union and union.existing else ""
        return self._words(name, existing.kind_id if name == "kind" else getattr(existing, name))

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, Node):
            return value.name
        if name == "kind":
            return self.kinds.get(value, "")
        return str(self.levels[value]) if name == "level" else "" if value is None else str(value)


def _usual_levels(tree: Tree) -> dict[int, str]:
    """The level that more than half of a kind have, in the branch and in the file, by the kind's key."""
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for node in tree.by_pk.values():
        if node.existing:
            counted[node.existing.kind_id][node.existing.level] += 1
    for node in tree.rows:
        given = node.cells.given if node.cells else {}
        if node.existing is None and given.get("level") and "kind" in given:
            counted[given["kind"].pk][given["level"]] += 1
    most = {kind: levels.most_common(1)[0] for kind, levels in counted.items()}
    return {kind: level for kind, (level, count) in most.items() if 2 * count > counted[kind].total()}


def _plain(value: Any) -> Any:
    """As JSON. A superior is ["key", key] of an organisation, or ["row", number] of a new one in the file."""
    if not isinstance(value, Node):
        return value
    if value.existing:
        return ["key", value.existing.pk]
    return ["row", value.cells.number if value.cells else 0]
