"""Who is left to mark an item again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q

from assessments.models import Assessment, MarkRevision
from assessments.permissions import may_mark, party_key
from assessments.workflow import STAGE_ORDER, STATE_OF, UNIT_PEOPLE, WRITERS, Stage, State
from orgs.models import Membership, names_of
from orgs.roles import Role
from rubrics.rows import Row, rows


def last_state(assessment: Assessment) -> State:
    """The state in which the last stage is marked."""
    return STATE_OF[STAGE_ORDER[assessment.stages - 1]]


def unmarkable(assessment: Assessment, keys: Collection[str]) -> list[str]:
    """Those of the items that nobody is left to mark again: all who may have marked them, at whatever stage."""
    wanted = [row for row in rows(assessment.rubric) if row.key in set(keys)]
    told = MarkRevision.objects.filter(sheet__assessment=assessment, item__in=[row.pk for row in wanted])
    seen = set(told.exclude(sheet__stage=Stage.SELF).order_by().values_list("by", "item").distinct())
    writers = _writers(assessment)
    return [row.key for row in wanted if not _is_left(row, writers, seen)]


def _is_left(row: Row, writers: Mapping[int, frozenset[str] | None], seen: Collection[tuple[int, int]]) -> bool:
    return any(may_mark(departments, row) and (user, row.pk) not in seen for user, departments in writers.items())


def _writers(assessment: Assessment) -> dict[int, frozenset[str] | None]:
    """Who may write the last stage's sheet: the names of their departments by person; None: every item."""
    writer = WRITERS[last_state(assessment)]
    union = party_key(assessment, writer.by.party)
    held = Membership.objects.filter(
        Q(organization=union) | Q(organization__absorbed=union), role__in=writer.by.roles, user__is_active=True
    ).exclude(user__in=_served(assessment))
    found: dict[int, frozenset[str] | None] = {}
    departments: dict[int, frozenset[str]] = defaultdict(frozenset)
    for user, role, name, aliases in held.values_list("user", "role", "department__name", "department__aliases"):
        if role == Role.DEPARTMENT_ASSESSOR:
            departments[user] |= frozenset(names_of(name, aliases)) if name else frozenset()
        else:
            found[user] = None
    return {**departments, **found}


def _served(assessment: Assessment) -> Iterable[int]:
    """Keys of the people who fill in the organisation's own sheet, or did."""
    there = Membership.objects.filter(organization=assessment.organization_id, role__in=UNIT_PEOPLE.roles)
    return {*there.values_list("user", flat=True), *assessment.filled_in_by.values_list("pk", flat=True)}
