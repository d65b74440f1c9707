"""Loads what a sheet says, asks the kernel, returns a Total. Decides nothing itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assessments.claims import Claimed
from assessments.models import Assessment, Claim, Count, Mark, Sheet
from rubrics.convert import to_kernel
from rubrics.models import ColumnSource, Rubric
from rubrics.rows import Row, headings, rows
from rubrics.scoring.grades import Band, Scale, grade
from rubrics.scoring.items import Entry
from rubrics.scoring.totals import Total, compute_total

SCORE_COLUMNS = frozenset({ColumnSource.SELF, ColumnSource.ASSESS, ColumnSource.REVIEW})

NO_COUNTS: Mapping[str, Decimal] = {}


@dataclass(frozen=True, slots=True)
class Content:
    """What a mark says, apart from who said it.

    counts  by measure key; of what is claimed one by one how many claims there are
    claims  in the order of the row's measures, then by day
    """

    points: Decimal | None = None
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    not_applicable: bool = False
    reason: str = ""
    remark: str = ""
    claims: tuple[Claimed, ...] = ()

    @property
    def entry(self) -> Entry:
        return Entry(self.points, self.counts, self.not_applicable)

    @property
    def blank(self) -> bool:
        """Whether it says nothing about the score."""
        return self.points is None and not self.counts and not self.not_applicable


NOTHING = Content()


@dataclass(frozen=True, slots=True)
class StoredMark:
    pk: int
    content: Content
    version: int
    saved_at: datetime
    saved_by: int


Marks = Mapping[str, StoredMark]
"""The marks of one sheet by item key."""


def read_marks(
    rubric: Rubric, sheets: Iterable[Sheet], only: Collection[str] | None = None
) -> dict[int, dict[str, StoredMark]]:
    """The marks of several sheets of one rubric, by sheet key: one query, one more each where it counts or claims.

    only  keys of the items that are wanted; None: all
    """
    sheets = list(sheets)
    wanted = [row for row in rows(rubric) if only is None or row.key in only]
    keys = {row.pk: row.key for row in wanted}
    narrow = {} if only is None else {"item__in": keys}
    of_marks = {f"mark__{name}": value for name, value in narrow.items()}
    counts, claims = _counts(wanted, sheets, **of_marks), _claims(wanted, sheets, **of_marks)
    found: dict[int, dict[str, StoredMark]] = {sheet.pk: {} for sheet in sheets}
    told = ("points", "not_applicable", "reason", "remark", "version", "saved_at", "saved_by_id")
    marks = Mark.objects.filter(sheet__in=sheets, **narrow).values_list("pk", "sheet_id", "item_id", *told)
    for pk, sheet, item, points, not_applicable, reason, remark, version, at, by in marks:
        claimed = tuple(claims.get(pk, ()))
        content = Content(points, counts.get(pk, NO_COUNTS), not_applicable, reason, remark, claimed)
        found[sheet][keys[item]] = StoredMark(pk, content, version, at, by)
    return found


def _counts(wanted: Iterable[Row], sheets: list[Sheet], **narrow: Any) -> dict[int, dict[str, Decimal]]:
    measures = {measure.pk: measure.key for row in wanted for measure in row.measures}
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    if measures and sheets:
        counts = Count.objects.filter(mark__sheet__in=sheets, **narrow)
        for mark, measure, quantity in counts.values_list("mark_id", "measure_id", "quantity"):
            found[mark][measures[measure]] = quantity
    return found


def _claims(wanted: Iterable[Row], sheets: list[Sheet], **narrow: Any) -> dict[int, list[Claimed]]:
    measures = {measure.pk: measure.key for row in wanted for measure in row.claims}
    found: dict[int, list[Claimed]] = defaultdict(list)
    if measures and sheets:
        claims = Claim.objects.filter(mark__sheet__in=sheets, **narrow).order_by("mark", "position")
        told = ("occasion", "day", "proof", "file_id", "file__name")
        for mark, measure, occasion, day, proof, file, name in claims.values_list("mark_id", "measure_id", *told):
            found[mark].append(Claimed(measures[measure], occasion, day, proof, file, name or ""))
    return found


def total_of(assessment: Assessment, contents: Mapping[str, Content]) -> Total:
    """The kernel's Total of one sheet's contents under the assessment's frozen rubric, policy and kind."""
    entries = {key: content.entry for key, content in contents.items()}
    return compute_total(to_kernel(assessment.rubric, assessment.total_policy), entries, assessment.kind.code)


def own_stages(rubric: Rubric) -> int:
    """Two stages or three: as many as the rubric has score columns. A draw may add the review to an assessment."""
    return len(SCORE_COLUMNS & headings(rubric).keys())


def contradicts_declared_total(rubric: Rubric) -> bool:
    """Whether the printed points add up to something else than declared: then the cycle chose how totals are read."""
    return rubric.declared_total is not None and to_kernel(rubric).points != rubric.declared_total


def contents_of(marks: Marks) -> dict[str, Content]:
    return {key: mark.content for key, mark in marks.items()}


def scale_of(rubric: Rubric) -> Scale | None:
    """The rubric's bands, None where it has none; read once per process for a frozen rubric."""
    return _frozen_scale(rubric.pk, rubric.frozen_at) if rubric.frozen_at else _read_scale(rubric.pk)


@lru_cache(maxsize=256)
def _frozen_scale(pk: int, _frozen_at: datetime) -> Scale | None:
    return _read_scale(pk)


def _read_scale(pk: int) -> Scale | None:
    rubric = Rubric.objects.prefetch_related("bands").get(pk=pk)
    bands = tuple(Band(band.rank, band.name, band.lower) for band in rubric.bands.all())
    return Scale(bands, rubric.qualified_rank) if bands else None


def band_of(rubric: Rubric, total: Total) -> Band | None:
    """The band of an official total, as far as no gate bars it; None too where nothing is marked or there are none."""
    scale = scale_of(rubric)
    return grade(total.points, scale, total.gates) if scale and not says_nothing(total) else None


def band_named(rubric: Rubric, rank: int | None) -> str:
    """The name of a stored band rank; empty for none."""
    scale = scale_of(rubric)
    return next((band.name for band in scale.bands if band.rank == rank), "") if scale else ""


def says_nothing(total: Total) -> bool:
    """Whether a sheet holds neither a mark nor a claim that something does not apply: then it has no points, not 0."""
    return total.blank and not total.not_applicable


def store_total(sheet: Sheet, total: Total, saved_at: datetime | None) -> None:
    """Writes the kernel's sums onto the sheet row."""
    set_total(sheet, total)
    sheet.saved_at = saved_at
    sheet.save(update_fields=("base", "bonus", "applicable", "points", "band_rank", "scored", "required", "saved_at"))


def set_total(sheet: Sheet, total: Total) -> None:
    """Sets a sheet's sums without storing them. Points stay None until something is marked."""
    band = band_of(sheet.assessment.rubric, total)
    sheet.base = total.base
    sheet.bonus = total.beyond
    sheet.applicable = total.applicable
    sheet.points = None if says_nothing(total) else total.points
    sheet.band_rank = band.rank if band else None
    sheet.scored = total.scored
    sheet.required = total.required
