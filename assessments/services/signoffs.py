"""A department's word that its items are marked."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Sheet, Signoff
from assessments.permissions import signs_for
from assessments.queries import departments_of
from assessments.services.locking import locked
from assessments.services.reach import open_sheet
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.workflow import Stage
from orgs.models import Department, User
from rubrics.rows import rows


@transaction.atomic
def sign_off(by: User, assessment: Assessment, department: Department) -> None:
    """Signs an assess sheet off for a department. From then on its items are closed until the sign-off is taken back.

    Raises Refused while one of the department's items has no mark, WrongState or Forbidden as `save_marks` does.
    """
    assessment, sheet = _open(by, assessment, department)
    status = next((one for one in departments_of(assessment) if one.pk == department.pk), None)
    if status is None:
        raise Forbidden(_("This department has no items on this sheet."))
    if status.signed:
        raise WrongState(_("%(department)s has already signed off.") % {"department": department})
    if status.missing:
        raise Refused(
            _("%(department)s: %(count)d items have no mark yet: %(items)s.")
            % {"department": department, "count": len(status.missing), "items": "、".join(status.missing[:10])}
        )
    Signoff.objects.create(sheet=sheet, department=department, by=by, at=timezone.now())


@transaction.atomic
def take_back(by: User, assessment: Assessment, department: Department) -> None:
    """Takes a sign-off back, so that the department's items are open again."""
    assessment, sheet = _open(by, assessment, department)
    if not Signoff.objects.filter(sheet=sheet, department=department).delete()[0]:
        raise WrongState(_("%(department)s has not signed off.") % {"department": department})


def open_again(assessment: Assessment, named: Collection[int]) -> None:
    """Takes back the word of the departments whose items go back to be answered or marked anew.

    named  item rows that are open again; empty: all. Who has none of them stays signed off, its items closed.
    """
    given = Signoff.objects.filter(sheet__assessment=assessment)
    if named:
        offices = frozenset[str]().union(*(row.departments for row in rows(assessment.rubric) if row.pk in named))
        concerned = [s.pk for s in given.select_related("department") if not s.department.names.isdisjoint(offices)]
        given = given.filter(pk__in=concerned)
    given.delete()


def _open(by: User, assessment: Assessment, department: Department) -> tuple[Assessment, Sheet]:
    assessment = locked(assessment.pk)
    sheet = open_sheet(by, assessment, Stage.ASSESS)
    if not signs_for(by, assessment, department):
        raise Forbidden(_("You can't sign for this department."))
    return assessment, sheet
