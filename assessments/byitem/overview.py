"""Which items a person marks in a cycle, and for how many organisations each still waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from assessments.models import Assessment, Cycle, Sheet
from assessments.permissions import marked_departments, may_mark, own_scores
from assessments.queries import waiting_for
from assessments.results import Content, contents_of, read_marks
from assessments.sheetpage import rows_of
from assessments.workflow import Stage, State
from orgs.models import User
from orgs.permissions import posts
from orgs.roles import Role
from rubrics.models import BaseRule, MeasureRole, Rubric
from rubrics.rows import Row, rows

MARKERS = frozenset({Role.ASSESSOR, Role.DEPARTMENT_ASSESSOR})


def assesses_in(user: User, cycle: Cycle) -> bool:
    """Whether a union in which the person marks assesses anybody in the cycle, whatever waits there now."""
    own = {post.organization_id for post in posts(user) if post.role in MARKERS}
    return bool(own) and Assessment.objects.filter(cycle=cycle, assessor__in=own).exists()


def waiting_in(user: User, cycle: Cycle) -> QuerySet[Assessment]:
    """Assessments of the cycle whose assess sheet is open and the person's to write, in tree order."""
    return waiting_for(user).filter(cycle=cycle, state=State.ASSESSING).order_by("path", "pk")


def unions_marking(user: User, row: Row) -> set[int]:
    """Unions for which the person may mark the item: as their assessor, or for a department of theirs that has it."""
    return {
        post.organization_id
        for post in posts(user)
        if post.role == Role.ASSESSOR or (post.role == Role.DEPARTMENT_ASSESSOR and may_mark(post.departments, row))
    }


def is_done(row: Row, departments: frozenset[str] | None, content: Content | None) -> bool:
    """Whether an item needs nothing more from these departments; one without points is done once anything stands."""
    if content is None or content.blank:
        return False
    if content.not_applicable or content.points is not None:
        return True
    own = own_scores(row, departments)
    asked = {one.key for one in own or row.measures if one.role != MeasureRole.BONUS}
    if row.rule == BaseRule.LEVELS:
        return bool(asked & content.counts.keys())
    return asked <= content.counts.keys()


class Place(NamedTuple):
    rubric: Rubric
    row: Row


@dataclass(frozen=True, slots=True)
class Entry:
    """An item that the person marks: for how many organisations, and how many of them have no mark yet."""

    rubric: Rubric
    row: Row
    organizations: int
    blank: int


def overview(user: User, cycle: Cycle) -> list[Entry]:
    """The person's items of the cycle, by rubric in document order; only more rubrics take more queries."""
    by_rubric: dict[Rubric, list[Assessment]] = defaultdict(list)
    for assessment in waiting_in(user, cycle).select_related("rubric", "kind"):
        by_rubric[assessment.rubric].append(assessment)
    ordered = sorted(by_rubric, key=lambda rubric: (rubric.position, rubric.pk))
    return [entry for rubric in ordered for entry in _of_rubric(user, rubric, by_rubric[rubric])]


def neighbours(user: User, cycle: Cycle, rubric: Rubric, row: Row) -> tuple[Place | None, Place | None]:
    """The items before and after this one among the person's own: two queries."""
    kinds: dict[int, set[tuple[str, int]]] = defaultdict(set)
    combined = waiting_in(user, cycle).order_by().values_list("rubric", "kind__code", "assessor")
    for pk, kind, assessor in combined.distinct():
        kinds[pk].add((kind, assessor))
    places = [
        Place(one, item)
        for one in Rubric.objects.filter(pk__in=kinds).order_by("position", "pk")
        for item in rows(one)
        if any(item.applies(kind) and assessor in unions_marking(user, item) for kind, assessor in kinds[one.pk])
    ]
    here = Place(rubric, row)
    if here not in places:
        return None, None
    at = places.index(here)
    return places[at - 1] if at else None, places[at + 1] if at + 1 < len(places) else None


def _of_rubric(user: User, rubric: Rubric, waiting: Iterable[Assessment]) -> Iterable[Entry]:
    by_pk = {one.pk: one for one in waiting}
    sheets = list(Sheet.objects.filter(assessment__in=by_pk, stage=Stage.ASSESS))
    marks = read_marks(rubric, sheets)
    found: dict[str, list[bool]] = defaultdict(list)
    for sheet in sheets:
        assessment, contents = by_pk[sheet.assessment_id], contents_of(marks[sheet.pk])
        departments = marked_departments(user, assessment)
        for row in rows_of(assessment, departments):
            found[row.key].append(is_done(row, departments, contents.get(row.key)))
    return [
        Entry(rubric, row, len(found[row.key]), found[row.key].count(False)) for row in rows(rubric) if row.key in found
    ]
