"""The only writer of section results and of the roll-up: what a final result adds, and takes along when it goes.

A result writes a change for each of its figures and never touches the tally, so no two of them wait for one another.
`fold` puts changes into the tally now and then; readers sum both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import F

from assessments.models import Assessment, Cycle, Mark, SectionResult, Tally, TallyChange, What
from assessments.models.tally import COLUMNS
from assessments.results import contents_of, read_marks, total_of
from assessments.tallies import FIELDS, counted
from orgs import background
from rubrics.models import Section

FOLD_AFTER = 20_000
"""Changes, more or less, that wait before they are folded."""

BATCH = 10_000

OF_SHEET = "sheet__assessment"


def enter(assessment: Assessment) -> None:
    """Keeps what the official sheet of an assessment says that has just become final. Needs its lock."""
    if assessment.points is None:
        return
    sheet = assessment.sheets.get(stage=assessment.official_stage)
    total = total_of(assessment, contents_of(read_marks(assessment.rubric, [sheet])[sheet.pk]))
    keys = dict(Section.objects.filter(rubric=assessment.rubric_id).values_list("position", "pk"))
    asked = [one for one in total.sections if any(item.item.applies(total.kind) for item in one.items)]
    points = [(one, total.points_in(one)) for one in asked]
    results = SectionResult.objects.bulk_create(
        SectionResult(
            assessment=assessment,
            section_id=keys[int(one.section.key)],
            points=reached,
            applicable=one.applicable,
        )
        for one, reached in points
        if reached is not None
    )
    _change([assessment], results, 1)


def take_out(assessments: Sequence[Assessment]) -> None:
    """Forgets them again, before their results change: Needs their locks."""
    told = [one for one in assessments if one.points is not None]
    results = SectionResult.objects.filter(assessment__in=told)
    _change(told, list(results), -1)
    results.delete()


def _change(assessments: Sequence[Assessment], sections: Iterable[SectionResult], count: int) -> None:
    """A change for every figure of these results."""
    if not assessments:
        return
    official = {"sheet__assessment__in": assessments, "sheet__stage": F("sheet__assessment__official_stage")}
    items = Mark.objects.filter(**official, earned__isnull=False)
    figures = [
        *((one.pk, What.TOTAL, 0, one.points, one.band_rank or 0) for one in assessments),
        *((one.assessment_id, What.SECTION, one.section_id, one.points, 0) for one in sections),
        *((one, What.ITEM, item, earned, 0) for one, item, earned in items.values_list(OF_SHEET, "item", "earned")),
    ]
    of = {one.pk: one for one in assessments}
    written = TallyChange.objects.bulk_create(
        TallyChange(
            cycle_id=of[key].cycle_id,
            kind_id=of[key].kind_id,
            branch=of[key].branch,
            what=what,
            of=part,
            points=points,
            band=band,
            count=count,
        )
        for key, what, part, points, band in figures
    )
    last = written[-1].pk
    if last // FOLD_AFTER != (last - len(written)) // FOLD_AFTER:
        background.run("assessments.services.tallying.fold", name="fold results")


def count_all(cycle: Cycle) -> None:
    """How many are assessed, once, when the cycle opens: their kinds and places are fixed from then on."""
    _write(cycle, What.ALL)


def fold() -> None:
    """Puts all changes that wait into the tally. Several at once are right: each takes rows that no other has."""
    while _fold(BATCH):
        pass


@transaction.atomic
def _fold(most: int) -> int:
    keys = _taken(most)
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(*_adding(keys))
        TallyChange.objects.filter(pk__in=keys).delete()
    return len(keys)


def _taken(most: int) -> list[int]:
    """Changes that no other fold has in hand, locked."""
    waiting = TallyChange.objects.order_by("pk").select_for_update(skip_locked=True)
    return list(waiting.values_list("pk", flat=True)[:most])


def _adding(keys: list[int]) -> tuple[str, list[int]]:
    """Adds the changes to the tally. In one order, so that two folds never wait for each other in a circle."""
    tally, change = Tally._meta.db_table, TallyChange._meta.db_table
    key = ", ".join(COLUMNS)
    among = ", ".join(["%s"] * len(keys))
    return (
        f"""
        INSERT INTO {tally} ({key}, count) SELECT {key}, SUM(count) FROM {change} WHERE id IN ({among})
        GROUP BY {key} ORDER BY {key}
        ON CONFLICT ({key}) DO UPDATE SET count = {tally}.count + excluded.count
        """,  # noqa: S608  # names of our own tables and columns
        keys,
    )


@transaction.atomic
def recount(cycle: Cycle) -> None:
    """The roll-up of a cycle anew from the results, for when rows were written past the services."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # no result comes or goes between the removal and the count
            cursor.execute(f"LOCK TABLE {TallyChange._meta.db_table} IN EXCLUSIVE MODE")
    for table in (Tally, TallyChange):
        table.objects.filter(cycle=cycle).delete()
    for what in What:
        _write(cycle, what)


def _write(cycle: Cycle, what: What) -> None:
    rows = counted(what, FIELDS, cycle.assessments.all())
    Tally.objects.bulk_create((Tally(cycle=cycle, what=what, **said) for said in _said(rows)), batch_size=BATCH // 10)


def _said(rows: Iterable[tuple[object, ...]]) -> Iterator[Mapping[str, object]]:
    for kind, of, branch, points, band, count in rows:
        yield {"kind_id": kind, "of": of, "branch": branch, "points": points, "band": band, "count": count}
