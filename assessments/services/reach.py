"""Which sheet is open to a person, and which of its items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Assessment, Sheet, Signoff, Step
from assessments.permissions import marked_departments, may_mark, may_score, may_write, own_scores
from assessments.rechecking import marked_before, marked_before_on
from assessments.results import StoredMark
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.workflow import Stage, State, open_stage
from orgs.models import User
from rubrics.rows import MeasureRow, Row, rows


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
    seen         item rows that the person has marked before, where a recheck asks for somebody else
    """

    departments: frozenset[str] | None
    named: frozenset[int] | None
    signed: frozenset[str]
    seen: frozenset[int] = frozenset()

    def check(self, row: Row) -> None:
        """Raises Forbidden or WrongState where the item is out of reach.

        A row that several departments score is in reach as long as one of its fields is.
        """
        if not may_mark(self.departments, row):
            raise Forbidden(_("Item %(item)s belongs to another department.") % {"item": row.key})
        if self.named is not None and row.pk not in self.named:
            raise WrongState(_("Item %(item)s was not sent back and stays as it is.") % {"item": row.key})
        if row.pk in self.seen:
            raise Forbidden(
                _("Item %(item)s is being rechecked: somebody who has not marked it before does that.")
                % {"item": row.key}
            )
        if self._closed(row):
            raise WrongState(signed_off(row.key))

    def _closed(self, row: Row) -> bool:
        """Whether the sign-offs leave nothing of the row open to the person."""
        if scorers := own_scores(row, self.departments):
            return all(one.office in self.signed for one in scorers)
        return not self.signed.isdisjoint(row.departments)

    def check_field(self, row: Row, measure: MeasureRow) -> None:
        """Raises Forbidden or WrongState where only another department enters this, or its own has signed off."""
        if not may_score(self.departments, measure):
            raise Forbidden(
                _("Item %(item)s: only %(department)s gives these points.")
                % {"item": row.key, "department": measure.office}
            )
        if measure.office in self.signed:
            raise WrongState(signed_off(f"{row.key} {measure.label}"))

    def closed(self, row: Row) -> list[MeasureRow]:
        """What the person can't enter on a row, because it is for another department or signed off."""
        return [one for one in row.measures if one.office and not self.opens(row, one)]

    def opens(self, row: Row, measure: MeasureRow) -> bool:
        try:
            self.check_field(row, measure)
        except Refused:
            return False
        return True

    def includes(self, row: Row) -> bool:
        try:
            self.check(row)
        except Refused:
            return False
        return True


def why_closed(reach: Reach, row: Row, stored: StoredMark | None) -> str:
    """The sentence with which a save of the item would be refused; empty where it is open to the person.

    That a row of several departments does not apply can't be changed by one of them.
    """
    try:
        reach.check(row)
    except Refused as refusal:
        return str(refusal)
    if stored and stored.content.not_applicable and reach.closed(row):
        return _(
            "Item %(item)s: whether it applies is said for all its departments, by who may mark for all of them."
        ) % {"item": row.key}
    return ""


def signed_off(item: str) -> str:
    return _("Item %(item)s: the department has signed off. Take the sign-off back first.") % {"item": item}


def reach_of(
    by: User, assessment: Assessment, sheet: Sheet, touched: Iterable[Row], named: frozenset[int] | None
) -> Reach:
    """The person's reach on an open sheet; sign-offs are read only where a touched row has departments.

    named  what `open_items` says
    """
    signed = signed_offices(sheet) if any(row.departments for row in touched) else frozenset()
    return Reach(marked_departments(by, assessment), named, signed, marked_before(by, sheet, named))


def reaches(by: User, sheets: Sequence[Sheet]) -> dict[int, Reach]:
    """What `reach_of` says of many open sheets, by sheet key: as many queries for one as for all of them.

    sheets  each with its assessment, and the step that opened it again
    """
    steps = {sheet.pk: sheet.reopened_by_id for sheet in sheets if sheet.reopened_by_id}
    named = _named(steps.values())
    signed = _signed(sheets)
    seen = marked_before_on(by, sheets, named)
    return {
        sheet.pk: Reach(
            marked_departments(by, sheet.assessment),
            named.get(steps.get(sheet.pk, 0)),
            signed.get(sheet.pk, frozenset()),
            seen.get(sheet.pk, frozenset()),
        )
        for sheet in sheets
    }


def _named(steps: Iterable[int]) -> dict[int, frozenset[int]]:
    """By step, keys of the item rows that it named; a step that named none is left out."""
    found: dict[int, frozenset[int]] = {}
    for step, item in Step.items.through.objects.filter(step__in=set(steps)).values_list("step", "item"):
        found[step] = found.get(step, frozenset()) | {item}
    return found


def _signed(sheets: Sequence[Sheet]) -> dict[int, frozenset[str]]:
    """By assess sheet, every name of the departments that have signed it off."""
    found: dict[int, frozenset[str]] = {}
    for one in Signoff.objects.filter(sheet__in=sheets, sheet__stage=Stage.ASSESS).select_related("department"):
        found[one.sheet_id] = found.get(one.sheet_id, frozenset()) | one.department.names
    return found


def check_reach(by: User, assessment: Assessment, sheet: Sheet, keys: Sequence[str]) -> tuple[Reach, list[Row]]:
    """The person's reach and the rows of these items of an open sheet; refuses unless every one of them is in it."""
    by_key = {row.key: row for row in rows(assessment.rubric) if row.applies(assessment.kind.code)}
    if not by_key.keys() >= set(keys):
        raise Forbidden(_("This item does not belong to this sheet."))
    touched = [by_key[key] for key in keys]
    reach = reach_of(by, assessment, sheet, touched, open_items(sheet))
    for row in touched:
        reach.check(row)
    return reach, touched


def signed_offices(sheet: Sheet) -> frozenset[str]:
    """Every name of the departments that have signed an assess sheet off."""
    if sheet.stage != Stage.ASSESS:
        return frozenset()
    return frozenset[str]().union(*(s.department.names for s in sheet.signoffs.select_related("department")))
