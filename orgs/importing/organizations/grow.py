"""The tree of a branch and of a file's rows: who is known by which name and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from orgs.importing.organizations.tree import Existing, Node, Tree
from orgs.importing.paths import folded_path, last

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orgs.importing.organizations.cells import Cells


def grow(top: int, above: Iterable[str], organizations: Iterable[Existing], rows: Iterable[Cells]) -> Tree:
    """The tree of a branch whose head has the key `top`, and of a file's rows. Rows are not placed yet."""
    by_pk = {one.pk: Node(one.name, folded_path(one.name), one) for one in organizations}
    names = list(map(folded_path, above))
    tree = Tree(by_pk[top], "/".join(names), len(names), by_pk=by_pk)
    for node in by_pk.values():
        existing = node.existing
        if existing is None:
            continue
        tree.children.setdefault((existing.parent_id, node.key), []).append(node)
        if existing.code:
            tree.by_code[existing.code] = node
    for cells in rows:
        node = Node(cells.name, folded_path(cells.name), cells=cells)
        tree.rows.append(node)
        _know_by_code(tree, node)
    _name(tree)
    return tree


def _know_by_code(tree: Tree, node: Node) -> None:
    code = node.cells.given.get("code") if node.cells else None
    if not code:
        return
    found = tree.by_code.get(code)
    if found is None:
        tree.by_code[code] = node
    elif found.cells or found.twin:
        node.existing, node.twin, first = found.existing, found.itself, found.itself.cells
        node.wrong(
            "code",
            _("The credit code %(code)s stands in row %(row)d already.")
            % {"code": code, "row": first.number if first else 0},
        )
    else:
        node.existing, found.twin = found.existing, node
        node.name, node.key = node.name or found.name, node.key or found.key


def _name(tree: Tree) -> None:
    """Index those nodes that some row may mean as a superior, by the last name of their path and by the last two."""
    said = (text for node in tree.rows if node.cells for text in (node.cells.parent, node.cells.industrial_union))
    texts = set(filter(None, said))
    wanted = {last(folded_path(text), 2) for text in texts}
    for node in [*tree.by_pk.values(), *tree.rows]:
        for name in _endings(tree, node):
            if name in wanted:
                tree.named[name].append(node)


def _endings(tree: Tree, node: Node) -> set[str]:
    """The endings, of one name and of two, that a path to this node may have."""
    found = {last(node.key, 1), last(node.key, 2)}
    if node.existing:
        parent = tree.up(node.existing)
        found.add(last(f"{parent.key if parent else tree.above}/{node.key}", 2))
    if node.cells:
        said = folded_path(node.cells.parent)
        coded = tree.by_code.get(said.upper())
        above = coded.key if coded else said or tree.top.key
        found.add(last(f"{above}/{node.key}", 2))
    return found
