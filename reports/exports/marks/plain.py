"""The marks as CSV, for Excel, WPS and other programs: UTF-8 with its mark, numbers bare, no text a formula."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from assessments.models import Mark
from assessments.sentences import counts_in_words
from assessments.workflow import Stage
from orgs.importing.spec import guarded
from orgs.models import User
from orgs.printable import printable
from reports.exports.marks.frame import Frame, facts, frame_of
from reports.exports.marks.reading import KEPT, Given, Scorer, Sums, Value, given, read
from reports.exports.spec import Asked, Paths
from rubrics.rows import Row
from rubrics.scoring.items import Status
from rubrics.scoring.numbers import format_points

BOM = "\ufeff"
ENCODING = "utf-8"
"""Parts have no mark of their own: the whole file begins with one."""


def headings(frame: Frame) -> Iterator[str]:
    """Where there are several stages, their columns stand one after the other."""
    yield from facts()
    several = len(frame.stages) > 1
    for stage in frame.stages:
        yield from (f"{stage.label} {name}" if several else name for name in frame.headings)


def make(user: User, asked: Asked, keys: Sequence[int], path: Path) -> None:
    """One part: a row for each organisation, blank at the stages that the person does not read."""
    frame = frame_of(asked)
    found = read(user, frame, keys)
    said = given(frame, (sheet for one in found for sheet in one.sheets))
    scorer = Scorer(frame, lru_cache(maxsize=KEPT)(format_points))
    nothing = [""] * len(list(frame.headings))
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        for one in found:
            sheets = {sheet.stage: sheet for sheet in one.sheets}
            line: list[Value] = [guarded(text) for text in one.facts]
            for stage in frame.stages:
                line += scorer.line(sheets[stage], said) if stage in sheets else nothing
            writer.writerow(line)


def join(asked: Asked, paths: Paths, path: Path) -> None:
    _whole(headings(frame_of(asked)), paths, path)


def long_headings() -> tuple[str, ...]:
    said = (_("Points"), _("Answer"), _("Why it does not apply"), _("Remark"))
    return (*facts(), _("Stage"), _("Section"), _("Item"), _("Content"), _("Full points"), *said)


def make_long(user: User, asked: Asked, keys: Sequence[int], path: Path) -> None:
    """One part: every item of every sheet that the person reads, also where it is blank."""
    frame = frame_of(asked)
    found = read(user, frame, keys)
    sheets = [sheet for one in found for sheet in one.sheets]
    said, words, scorer = given(frame, sheets), _words(sheets), Scorer(frame, format_points)
    items = [tuple(guarded(printable(text)) for text in (row.section_name, row.key, row.text)) for row in frame.rows]
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        for one in found:
            for sheet in one.sheets:
                before = [*(guarded(text) for text in one.facts), str(Stage(sheet.stage).label)]
                _cells, scores = scorer.sheet(sheet.pk, said)
                for row, item, score in zip(frame.rows, items, scores, strict=True):
                    if score.status is not Status.OUT_OF_SCOPE:
                        points = (format_points(row.points), format_points(score.points))
                        writer.writerow((*before, *item, *points, *_said(row, sheet, said, words)))


Words = Mapping[tuple[int, int], tuple[str, str]]
"""By sheet and item: why it does not apply, and the remark."""


def _words(sheets: Iterable[Sums]) -> Words:
    marks = Mark.objects.filter(sheet__in=[sheet.pk for sheet in sheets]).exclude(reason="", remark="")
    found = marks.values_list("sheet_id", "item_id", "reason", "remark")
    return {(sheet, item): (guarded(printable(a)), guarded(printable(b))) for sheet, item, a, b in found}


def _said(row: Row, sheet: Sums, said: Given, words: Words) -> tuple[str, ...]:
    """The answer, why the item does not apply, and the remark."""
    counts = said.counts.get(sheet.pk, {}).get(row.pk)
    answer = guarded(printable(counts_in_words(row, dict(counts)))) if counts else ""
    return (answer, *words.get((sheet.pk, row.pk), ("", "")))


def join_long(_asked: Asked, paths: Paths, path: Path) -> None:
    _whole(long_headings(), paths, path)


def _whole(columns: Iterable[str], paths: Paths, path: Path) -> None:
    with path.open("w", encoding=ENCODING, newline="") as file:
        file.write(BOM)
        csv.writer(file).writerow(guarded(text) for text in columns)
    with path.open("ab") as whole:
        for part in paths:
            with part.open("rb") as source:
                shutil.copyfileobj(source, whole)
