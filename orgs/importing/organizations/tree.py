"""Where each row stands: whom its superior means and which organisation it is itself, whatever the order of the rows.

A superior is named by credit code, by name, or by names from above (市总工会/区总工会/街道工会). It is an organisation
of the branch or another row of the file. Nothing here writes or asks the database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from orgs.importing.paths import folded_path, joined, last
from orgs.services.base import Refused
from orgs.services.facts import checked_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from orgs.importing.organizations.cells import Cells

DEEPEST = 60
"""How many rows may wait for each other before we call it a loop: three times as deep as a tree may be."""

SHOWN = 3
CODE_LIKE = re.compile(r"[0-9][0-9A-Za-z.+']{11,}")


class Existing(NamedTuple):
    """An organisation of the branch as it stands."""

    pk: int
    name: str
    code: str | None
    kind_id: int
    level: str
    parent_id: int | None
    path: str
    members: int | None
    closed_on: date | None
    contact: str
    phone: str
    industrial_union_id: int | None


@dataclass(slots=True, eq=False)
class Node:
    """An organisation of the branch, or a row of the file, or both once the row is known to mean the organisation.

    twin  of an organisation: the row that means it; of a row that repeats another: the first one
    """

    name: str
    key: str
    existing: Existing | None = None
    cells: Cells | None = None
    parent: Node | None = None
    twin: Node | None = None
    level: str = ""
    placed: bool = False
    waiting: bool = False

    @property
    def itself(self) -> Node:
        """The one node that stands for the organisation or the row that this one is about."""
        return self.twin or self

    def wrong(self, field: str, sentence: str) -> None:
        if self.cells:
            self.cells.problems.append((field, sentence))


@dataclass(slots=True)
class Tree:
    """Built once from the branch and the rows; `place` then finds each row's parent and itself.
    What can't be found is added to the problems of the row.

    top    the organisation at the head of the branch
    above  the folded names over it, so that a path may begin further up; head_depth is how many they are
    """

    top: Node
    above: str
    head_depth: int
    rows: list[Node] = field(default_factory=list)
    by_pk: dict[int, Node] = field(default_factory=dict)
    by_code: dict[str, Node] = field(default_factory=dict)
    children: dict[tuple[int | None, str], list[Node]] = field(default_factory=dict)
    named: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[str, list[Node]] = field(default_factory=dict)

    def place(self, node: Node, depth: int = 0) -> None:
        """Find the parent of a row, then whether it is an organisation that already stands there."""
        if node.placed or node.waiting or node.cells is None:
            return
        node.waiting = True
        if self._is_head(node):
            self._means(node, self.top)
        elif not node.cells.parent:
            node.parent = self.up(node.existing) if node.existing else self.top
        else:
            self._place_under(node, node.cells.parent, depth)
        node.waiting, node.placed = False, True
        if node.existing is None and node.parent and node.name:
            self._recognise(node)

    def up(self, existing: Existing) -> Node | None:
        """Who stands above an organisation now; None above the head of the branch."""
        return self.by_pk.get(existing.parent_id or 0)

    def parent_of(self, node: Node) -> Node | None:
        """Who will stand above it if the file is written."""
        parent = node.parent if node.cells else self.up(node.existing) if node.existing else None
        return parent.itself if parent else None

    def chain(self, node: Node) -> Iterator[Node]:
        """The nodes above it as they will be; endless where the file makes a loop."""
        above = self.parent_of(node)
        while above:
            yield above
            above = self.parent_of(above)

    def words(self, node: Node) -> str:
        """Where it stands, in names from the head of the branch down."""
        names = [node.name]
        for above in self.chain(node):
            names.append(above.name)
            if len(names) > DEEPEST:
                break
        return joined(names[::-1])

    def _recognise(self, node: Node) -> None:
        """A row without a known code is the organisation of the same name under the same superior."""
        above = node.parent.itself if node.parent else None
        if above is None or above.existing is None:
            return
        same = self.children.get((above.existing.pk, node.key), [])
        found = next((one for one in same if one.name == node.name), same[0] if same else None)
        if found:
            self._means(node, found)

    def _means(self, node: Node, found: Node) -> None:
        """The row is about this organisation, if no other row is."""
        if found.twin and found.twin is not node and found.twin.cells:
            node.existing, node.twin = found.existing, found.twin
            node.wrong("name", _("It is the same organisation as in row %(row)d.") % {"row": found.twin.cells.number})
        else:
            node.existing, found.twin = found.existing, node

    def _is_head(self, node: Node) -> bool:
        """Whether the row is about the head of the branch: of its name, and under nobody or under whom it stands.

        It keeps its superior, who is outside of the branch; naming that one is no change.
        """
        if node.cells is None or node.key != self.top.key or node.existing not in {None, self.top.existing}:
            return False
        path = folded_path(node.cells.parent)
        return not path or (f"/{self.above}".endswith(f"/{path}") and not self.named.get(last(path, 2)))

    def _place_under(self, node: Node, typed: str, depth: int) -> None:
        found = self._meant(typed, depth)
        others = [one for one in found if one is not node]
        if len(others) == 1:
            node.parent = others[0]
        elif others:
            node.wrong("parent", self._ambiguous(typed, others))
        elif found:
            node.wrong("parent", _("It would stand under itself."))
        else:
            node.wrong("parent", self._unknown(typed))

    def _unknown(self, typed: str) -> str:
        if CODE_LIKE.fullmatch(typed):
            try:
                checked_code(typed)
            except Refused as refusal:
                return refusal.sentence
        return _("The superior “%(name)s” is neither in the branch of “%(branch)s” nor in this list.") % {
            "name": typed[:60],
            "branch": self.top.name,
        }

    def _ambiguous(self, typed: str, found: list[Node]) -> str:
        shown = "; ".join(self._whereabouts(one) for one in found[:SHOWN])
        return _("“%(name)s” may mean %(candidates)s: write its credit code or the names above it.") % {
            "name": typed[:60],
            "candidates": shown + ("; …" if len(found) > SHOWN else ""),
        }

    def _whereabouts(self, node: Node) -> str:
        if node.existing is None and node.cells:
            return _("row %(row)d of this list") % {"row": node.cells.number}
        return self.words(node)

    # --- What a text means -------------------------------------------------------------------------------------------

    def _meant(self, typed: str, depth: int) -> list[Node]:
        """The nodes that a superior's text may mean, each organisation once."""
        path = folded_path(typed)
        if path not in self._found:
            coded = self.by_code.get(path.upper())
            candidates = (
                [coded] if coded else [one for one in self.named.get(last(path, 2), ()) if self._is_at(one, path)]
            )
            if len(candidates) > 1:
                for one in candidates:
                    if depth < DEEPEST:
                        self.place(one, depth + 1)
            found = list(dict.fromkeys(one.itself for one in candidates))
            if len(found) > 1:
                found = [one for one in found if self._written(one) == typed] or found
            if any(one.waiting for one in found):
                return found  # not known for good before they are placed
            self._found[path] = found
        return self._found[path]

    def meant(self, typed: str) -> list[Node]:
        """The nodes that a text may mean, once every row has its place."""
        return self._meant(typed, DEEPEST)

    def _is_at(self, node: Node, path: str) -> bool:
        """Whether the folded path, however far up it begins, ends at this node, as it stands or as the file says."""
        if node.key == path:
            return True
        if not path.endswith(f"/{node.key}"):
            return False
        rest = path[: -len(node.key) - 1]
        if node.existing and f"/{self.path_of(node.existing)}".endswith(f"/{path}"):
            return True
        return node.cells is not None and self._says_above(node, rest)

    def _says_above(self, node: Node, rest: str) -> bool:
        """Whether what the row says of its superior agrees with the names above it."""
        said = folded_path(node.cells.parent) if node.cells else ""
        coded = self.by_code.get(said.upper())
        if coded:
            return self._is_at(coded, rest)
        if not said:
            return node.existing is None and self._is_at(self.top, rest)
        if f"/{said}".endswith(f"/{rest}"):
            return True
        if not rest.endswith(f"/{said}"):
            return False
        return any(self._is_at(one, rest) for one in self.named.get(last(said, 2), ()) if one is not node)

    def path_of(self, existing: Existing) -> str:
        """The folded names from the very top down to it, as it stands now."""
        keys = []
        node: Node | None = self.by_pk.get(existing.pk)
        while node and node.existing:
            keys.append(node.key)
            node = self.up(node.existing)
        return "/".join([*([self.above] if self.above else []), *reversed(keys)])

    def _written(self, node: Node) -> str:
        return self.written(node.existing) if node.existing else ""

    def written(self, existing: Existing) -> str:
        """How our own export writes it: in names from the head of the branch down."""
        names = []
        node: Node | None = self.by_pk.get(existing.pk)
        while node and node.existing:
            names.append(node.existing.name)
            node = self.up(node.existing)
        return joined(names[::-1])
