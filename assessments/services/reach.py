"""Which sheet is open to a person, and which of its items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Assessment, Sheet, Step
from assessments.permissions import marked_departments, may_mark, may_write
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.workflow import Stage, State, open_stage
from orgs.models import User
from rubrics.rows import Row, rows


def open_sheet(by: User, assessment: Assessment, stage: Stage) -> Sheet:
    """The sheet of the stage, if that stage is open and the person writes it."""
    if open_stage(State(assessment.state)) != stage:
        raise WrongState(
            _("This sheet is closed: the assessment is now “%(state)s”.") % {"state": assessment.get_state_display()}
        )
    if not may_write(by, assessment):
        raise Forbidden(_("You may read this sheet but not write it."))
    sheet = assessment.sheets.get(stage=stage)
    sheet.assessment = assessment
    return sheet


def open_items(sheet: Sheet) -> frozenset[int] | None:
    """Keys of the item rows that are open after a send-back that named items; None: all."""
    if sheet.reopened_by_id is None:
        return None
    named = Step.items.through.objects.filter(step=sheet.reopened_by_id)
    return frozenset(named.values_list("item", flat=True)) or None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which items of an open sheet a person may change now.

    departments  whose items are theirs; None: all
    named        item rows that a send-back opened; None: all
    signed       names of the departments that have signed off
    """

    departments: frozenset[str] | None
    named: frozenset[int] | None
    signed: frozenset[str]

    def check(self, row: Row) -> None:
        """Raises Forbidden or WrongState where the item is out of reach."""
        if not may_mark(self.departments, row):
            raise Forbidden(_("Item %(item)s belongs to another department.") % {"item": row.key})
        if self.named is not None and row.pk not in self.named:
            raise WrongState(_("Item %(item)s was not sent back and stays as it is.") % {"item": row.key})
        if not self.signed.isdisjoint(row.offices):
            raise WrongState(
                _("Item %(item)s: the department has signed off. Take the sign-off back first.") % {"item": row.key}
            )

    def includes(self, row: Row) -> bool:
        try:
            self.check(row)
        except Refused:
            return False
        return True


def reach_of(by: User, assessment: Assessment, sheet: Sheet, touched: Iterable[Row]) -> Reach:
    """The person's reach on an open sheet; sign-offs are read only where a touched row has departments."""
    signed = signed_offices(sheet) if any(row.offices for row in touched) else frozenset()
    return Reach(marked_departments(by, assessment), open_items(sheet), signed)


def check_reach(by: User, assessment: Assessment, sheet: Sheet, keys: Sequence[str]) -> list[Row]:
    """The rows of these items of an open sheet; refuses unless every one of them is open to the person."""
    by_key = {row.key: row for row in rows(assessment.rubric) if row.applies(assessment.kind.code)}
    if not by_key.keys() >= set(keys):
        raise Forbidden(_("This item does not belong to this sheet."))
    touched = [by_key[key] for key in keys]
    reach = reach_of(by, assessment, sheet, touched)
    for row in touched:
        reach.check(row)
    return touched


def signed_offices(sheet: Sheet) -> frozenset[str]:
    """Every name of the departments that have signed an assess sheet off."""
    if sheet.stage != Stage.ASSESS:
        return frozenset()
    return frozenset[str]().union(*(s.department.names for s in sheet.signoffs.select_related("department")))
