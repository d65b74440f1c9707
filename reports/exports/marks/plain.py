"""The marks as CSV, for Excel, WPS and other programs: UTF-8 with its mark, numbers bare, no text a formula."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from assessments.models import Mark
from assessments.sentences import counts_in_words
from assessments.workflow import Stage
from orgs.importing.spec import guarded
from orgs.models import User
from orgs.printable import printable
from reports.exports.marks.frame import Frame, facts, frame_of
from reports.exports.marks.reading import (
    BLANK,
    Read,
    Said,
    Scorer,
    Sums,
    Value,
    given,
    kept,
    number,
    read,
    scorer,
    stages_in,
)
from reports.exports.spec import Asked, Paths
from rubrics.scoring.items import Status

BOM = "\ufeff"
ENCODING = "utf-8"
"""Parts have no mark of their own: the whole file begins with one."""


def join(asked: Asked, paths: Paths, path: Path) -> None:
    """A row for each organisation; where there are several stages, their columns stand one after the other."""
    frame, stages = frame_of(asked), stages_in(paths)
    names = list(frame.headings)
    nothing: list[Value] = [None] * len(names)
    several = len(stages) > 1
    with path.open("w", encoding=ENCODING, newline="") as file:
        file.write(BOM)
        writer = csv.writer(file)
        columns = [f"{stage.label} {name}" if several else name for stage in stages for name in names]
        writer.writerow(guarded(text) for text in (*facts(), *columns))
        for told, sheets in kept(paths):
            line = [guarded(text) for text in told]
            for stage in stages:
                line += sheets.get(stage, nothing)  # type: ignore[arg-type]  # numbers among the texts
            writer.writerow(line)


def long_headings() -> tuple[str, ...]:
    said = (_("Points"), _("Answer"), _("Why it does not apply"), _("Remark"))
    return (*facts(), _("Stage"), _("Section"), _("Item"), _("Content"), _("Full points"), *said)


def make_long(user: User, asked: Asked, keys: Sequence[int], path: Path) -> None:
    """One part: every item of every sheet that the person reads, also where it is blank."""
    frame = frame_of(asked)
    found = read(user, frame, keys)
    sheets = [sheet for one in found for sheet in one.sheets]
    said, words, score = given(frame, sheets), _words(sheets), scorer(frame)
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        for one in found:
            for sheet in one.sheets:
                writer.writerows(_items(frame, score, (one, sheet), said[sheet.pk], words))


Words = Mapping[tuple[int, int], tuple[str, str]]
"""By sheet and item: why it does not apply, and the remark."""


def _words(sheets: Iterable[Sums]) -> Words:
    marks = Mark.objects.filter(sheet__in=[sheet.pk for sheet in sheets]).exclude(reason="", remark="")
    found = marks.values_list("sheet_id", "item_id", "reason", "remark")
    return {(sheet, item): (reason, remark) for sheet, item, reason, remark in found}


def _items(
    frame: Frame, score: Scorer, whose: tuple[Read, Sums], said: Mapping[int, Said], words: Words
) -> Iterator[list[Value]]:
    one, sheet = whose
    before = [*one.facts, str(Stage(sheet.stage).label)]
    for row in frame.rows:
        mine = said.get(row.pk, BLANK)
        _value, scored = score(row, mine)
        if scored.status is Status.OUT_OF_SCOPE:
            continue
        answer = counts_in_words(row, dict(mine.counts)) if mine.counts else ""
        texts = [guarded(printable(text)) for text in (*before, row.section_name, row.key, row.text)]
        after = [guarded(printable(text)) for text in (answer, *words.get((sheet.pk, row.pk), ("", "")))]
        yield [*texts, number(row.points), number(scored.points), *after]


def join_long(_asked: Asked, paths: Paths, path: Path) -> None:
    with path.open("w", encoding=ENCODING, newline="") as file:
        file.write(BOM)
        csv.writer(file).writerow(long_headings())
    with path.open("ab") as whole:
        for part in paths:
            with part.open("rb") as source:
                shutil.copyfileobj(source, whole)
