"""Lines copied from a spreadsheet -> what was typed on which item. A blank cell leaves its item as it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from assessments.models import REMARK_LENGTH
from assessments.offline.asked import Answer
from assessments.offline.columns import Items, Meaning, guessed, heads
from assessments.offline.filled import Fault, Filled, Unusable
from assessments.offline.scope import Asked
from assessments.sentences import YES
from assessments.services.typed import Typed
from assessments.text import clean
from rubrics.models import BaseRule

MOST_LINES, MOST_COLUMNS = 2_000, 30


@dataclass(frozen=True, slots=True)
class Line:
    """A pasted line, the item that it is for, or why there is none."""

    number: int
    cells: tuple[str, ...]
    key: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A block as it was understood.

    headed  whether its first line holds headings
    left    keys of the items behind the last line, where lines follow the order of the items
    """

    lines: tuple[Line, ...]
    meanings: tuple[Meaning, ...]
    headed: bool
    left: tuple[str, ...]
    filled: Filled

    @property
    def in_order(self) -> bool:
        """Whether lines follow the order of the items, as no column names them."""
        return not {Meaning.NUMBER, Meaning.WORDING} & set(self.meanings)


def table(text: str) -> list[tuple[str, ...]]:
    """The cells of a block as a spreadsheet copies it, all lines equally long, without columns that are wholly blank.

    Blank lines within it stay, as they stand for an item; those at its end don't. Raises Unusable with a sentence.
    """
    lines = _split(text)
    while lines and not any(lines[-1]):
        lines.pop()
    if not lines:
        raise Unusable([_("Nothing was pasted.")])
    width = max(map(len, lines))
    if len(lines) > MOST_LINES or width > MOST_COLUMNS:
        raise Unusable([_("These are too many lines or columns. Copy only the lines of this sheet.")])
    full = [[*line, *([""] * (width - len(line)))] for line in lines]
    used = [place for place in range(width) if any(line[place] for line in full)]
    return [tuple(line[place] for place in used) for line in full]


def _split(text: str) -> list[list[str]]:
    """Lines of cells; a cell of several lines or with tabs in it stands in quotation marks."""
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), "excel-tab", strict=True))
    except csv.Error:  # a quotation mark that somebody typed: then none of them has a meaning
        found = [line.split("\t") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return [[cell.strip() for cell in line] for line in found]


def understand(
    block: Sequence[tuple[str, ...]], items: Items, meanings: Sequence[Meaning] = (), start: str = ""
) -> Pasted:
    """What the block says.

    meanings  of its columns; empty: as its headings or its content suggest
    start     key of the item of the first line, where no column names the items; empty: the first
    """
    headed = any(heads(cell) for cell in block[0])
    body = block[1:] if headed else block
    if len(meanings) != len(block[0]):
        meanings = guessed(block[0] if headed else (), body, items)
    first = 2 if headed else 1
    lines, left = _matched(body, meanings, items, start, first)
    return Pasted(lines, tuple(meanings), headed, left, _filled(lines, meanings, items))


def _matched(
    body: Sequence[tuple[str, ...]], meanings: Sequence[Meaning], items: Items, start: str, first: int
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Each line with its item, and the items behind the last line where no column names them."""
    place = {meaning: number for number, meaning in enumerate(meanings)}
    by_name = {Meaning.NUMBER, Meaning.WORDING} & place.keys()
    if by_name:
        return tuple(_named(body, place, items, first)), ()
    keys = [one.row.key for one in items.asked][items.order.get(start, 0) :]
    lines = []
    for number, cells in enumerate(body):
        if number < len(keys):
            lines.append(Line(number + first, cells, keys[number]))
        else:
            told = _("Nothing is left for this line to go to.") if any(cells) else ""
            lines.append(Line(number + first, cells, sentence=told))
    return tuple(lines), tuple(keys[len(body) :])


def _named(body: Sequence[tuple[str, ...]], place: Mapping[Meaning, int], items: Items, first: int) -> list[Line]:
    """Lines whose item a column names: by its number, or else by its wording."""
    found: list[Line] = []
    seen: dict[str, int] = {}
    after = -1
    for number, cells in enumerate(body, first):
        key = items.numbered(cells[place[Meaning.NUMBER]], after) if Meaning.NUMBER in place else ""
        if not key and Meaning.WORDING in place:
            key = items.worded(cells[place[Meaning.WORDING]], after)
        said = any(cells[place[one]] for one in (Meaning.SCORE, Meaning.REMARK) if one in place)
        if key in seen:
            told = _("“%(item)s” stands in line %(line)d already.") % {"item": key, "line": seen[key]}
            found.append(Line(number, cells, sentence=told))
        elif key:
            seen[key], after = number, items.order[key]
            found.append(Line(number, cells, key))
        else:
            told = _("This line names nothing that stands here.") if said else ""
            found.append(Line(number, cells, sentence=told))
    return found


def _filled(lines: Sequence[Line], meanings: Sequence[Meaning], items: Items) -> Filled:
    place = {meaning: number for number, meaning in enumerate(meanings)}
    typed: list[Typed] = []
    faults, places = [], {}
    for line in lines:
        where = _("line %(line)d") % {"line": line.number}
        if line.sentence:
            faults.append(Fault(where, line.sentence))
        if not line.key:
            continue
        one = items.by_key[line.key]
        places.update({answer.name: where for answer in one.answers})
        score, remark = (
            line.cells[place[meaning]] if meaning in place else "" for meaning in (Meaning.SCORE, Meaning.REMARK)
        )
        try:
            typed.append(_typed(one, score, remark))
        except ValueError as error:
            faults.append(Fault(where, str(error), line.key))
    return Filled(tuple(typed), places, tuple(faults))


def _typed(one: Asked, score: str, remark: str) -> Typed:
    """What stands, with what was pasted over it. Raises ValueError with a sentence."""
    typed = replace(one.typed, remark=clean(remark, REMARK_LENGTH)) if remark else one.typed
    if not score:
        return typed
    if one.locked:
        if one.row.rule != BaseRule.JUDGED:
            raise ValueError(one.locked)
        return replace(typed, points=score)  # what stands there already may be pasted, too
    answer = _takes(one)
    value = answer.value(score)
    if why := one.fault(answer, value):
        raise ValueError(why)
    if answer.measure:
        typed = replace(typed, counts={**typed.counts, answer.measure: value})
    elif answer.options:
        typed = replace(typed, counts={value: YES})
    else:
        typed = replace(typed, points=value)
    return replace(typed, not_applicable=False, reason="")


def _takes(one: Asked) -> Answer:
    """The one answer of an item that a single cell can give."""
    if one.row.rule == BaseRule.JUDGED:
        return one.answers[0]
    if len(one.open) == 1:
        return one.open[0]
    if one.row.claims and not one.answers:
        raise ValueError(_("Item %(item)s is claimed one by one, on the scoring page.") % {"item": one.row.key})
    raise ValueError(
        _("Item %(item)s asks for several answers: %(labels)s. Type them on the scoring page.")
        % {"item": one.row.key, "labels": "、".join(answer.label for answer in one.open)}
    )
