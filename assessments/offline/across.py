"""One item for many organisations: a pasted column whose lines are for organisations instead of items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assessments.byitem.load import Line
from assessments.fields import as_typed
from assessments.offline.asked import answers
from assessments.offline.difference import Difference, Entry, Fate, Side
from assessments.offline.filled import Fault, Filled
from assessments.offline.scope import Asked
from assessments.results import Content
from assessments.services.typed import Typed, read_typed
from assessments.sheetpage import in_short
from assessments.workflow import Stage
from rubrics.rows import Row
from rubrics.scoring.rubric import Item


def asked_across(row: Row, item: Item, lines: Iterable[Line]) -> dict[str, Asked]:
    """What each organisation's row asks, by its name: the name stands where an item has its key and wording.

    Of organisations of one name the second is called “name 2”, and so on.
    """
    found: dict[str, Asked] = {}
    for line in lines:
        name, count = line.assessment.name, 1
        while name in found:
            count += 1
            name = f"{line.assessment.name} {count}"
        own = replace(row, key=name, number="", text=name)
        content = line.stored.content if line.stored else Content()
        asked = answers(own, item)
        found[name] = Asked(
            own,
            item,
            asked,
            line.locked,
            frozenset(one.name for one in asked if one.measure in line.closed),
            drops=False,
            says_why=False,
            content=content,
            typed=as_typed(own, content, line.stored.version if line.stored else 0),
        )
    return found


def compare_across(asked: dict[str, Asked], keys: dict[str, int], filled: Filled) -> Difference:
    """What saving would come to, each organisation for itself.

    keys  of the assessments by the names of `asked`
    """
    typed = {one.key: one for one in filled.typed}
    faults: dict[str, list[Fault]] = {}
    for fault in filled.faults:
        faults.setdefault(fault.key if fault.key in asked else "", []).append(fault)
    entries = [
        _entry(replace(one.row, key=str(keys[name])), one, typed.get(name), tuple(faults.get(name, ())))
        for name, one in asked.items()
        if name in typed or name in faults
    ]
    return Difference((*entries, *_lost(faults.get("", ()))), None, None)


def _lost(faults: Iterable[Fault]) -> Iterator[Entry]:
    return (Entry(None, Fate.REFUSED, fault.where, faults=(fault,)) for fault in faults)


def _entry(row: Row, one: Asked, typed: Typed | None, faults: tuple[Fault, ...]) -> Entry:
    now = _side(row, one.content)
    if typed is None or faults:
        return Entry(row, Fate.REFUSED, now=now, faults=faults)
    says = _content(one, typed)
    if says == one.content:
        return Entry(row, Fate.SAME, now=now)
    if one.locked:
        return Entry(row, Fate.REFUSED, now=now, faults=(Fault("", one.locked, typed.key),))
    return Entry(row, Fate.CHANGED, now=now, says=_side(row, says), typed=replace(typed, key=row.key))


def _content(one: Asked, typed: Typed) -> Content:
    """What was pasted, as values; a remark alone leaves the mark as it stands."""
    if typed.not_applicable:
        return replace(one.content, remark=typed.remark)
    try:
        return read_typed(one.row, one.item, typed, Stage.ASSESS, {}, one.content)
    except ValueError:
        return Content(remark=typed.points)  # on a locked row, where nothing is taken anyway


def _side(row: Row, content: Content) -> Side:
    return Side(in_short(row, content), content.remark, content.reason)
