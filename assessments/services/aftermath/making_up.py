"""补课: the organisation reports that it has made up, the assessing union looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Consequence, MakeUp, MakeUpFile, MakeUpState
from assessments.permissions import may_inspect_make_up, may_report_made_up
from assessments.services import messages
from assessments.services.aftermath.base import day_ahead
from assessments.services.evidence import MAX_FILES, examined, in_storage
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import User


def report_made_up(by: User, consequence: Consequence, text: str, uploads: Sequence[File[bytes]] = ()) -> MakeUp:
    """The chair says what was made up, and shows it by files; a report after the day is taken too.

    A file is taken as evidence is, and one that can't be taken stops the report. Raises Forbidden, WrongState or
    Refused.
    """
    if len(uploads) > MAX_FILES:
        raise Refused(_("A report takes at most %(count)d files.") % {"count": MAX_FILES})
    files = [examined(by, upload, MakeUpFile) for upload in uploads]
    with in_storage(list(zip(files, uploads, strict=True))):
        return _report(by, consequence, text, files)


@transaction.atomic
def _report(by: User, consequence: Consequence, text: str, files: Sequence[MakeUpFile]) -> MakeUp:
    consequence = _locked(consequence)
    if not may_report_made_up(by, consequence.row.assessment):
        raise Forbidden(_("The chair of the organisation reports that the task is done."))
    one = _current(consequence, MakeUpState.SET)
    one.report = said(text, 2000, _("Please say what was done."))
    one.state, one.reported_by, one.reported_at = MakeUpState.REPORTED, by, timezone.now()
    one.save(update_fields=("report", "state", "reported_by", "reported_at"))
    for file in files:
        file.make_up, file.uploaded_at = one, timezone.now()
    MakeUpFile.objects.bulk_create(files)
    return one


@transaction.atomic
def inspect(by: User, consequence: Consequence, *, passed: bool, finding: str, due_on: date | None = None) -> MakeUp:
    """What an assessor found. What did not pass is set again, with the day `due_on`; every attempt stays as it was.

    Raises Forbidden, WrongState before it is reported, Refused.
    """
    consequence = _locked(consequence)
    if not may_inspect_make_up(by, consequence.row.assessment):
        raise Forbidden(_("Assessors of the assessing union inspect what was made up."))
    one = _current(consequence, MakeUpState.REPORTED)
    one.finding = said(finding, 1000, _("Please say what was found."))
    one.state = MakeUpState.PASSED if passed else MakeUpState.FAILED
    one.inspected_by, one.inspected_at = by, timezone.now()
    if not passed:
        following = MakeUp.objects.create(
            consequence=consequence,
            number=one.number + 1,
            task=one.task,
            due_on=day_ahead(due_on),
            set_by=by,
            set_at=timezone.now(),
        )
        messages.tell_make_up(following)
    one.save(update_fields=("finding", "state", "inspected_by", "inspected_at"))
    return one


def _locked(consequence: Consequence) -> Consequence:
    found = Consequence.objects.select_related("row__assessment")
    return found.select_for_update(of=("self",)).get(pk=consequence.pk)


def _current(consequence: Consequence, state: MakeUpState) -> MakeUp:
    one = consequence.make_ups.first()
    if one is None or one.state != state:
        told = one.get_state_display() if one else consequence.get_state_display()
        raise WrongState(_("This can't be done now: the make-up task is “%(state)s”.") % {"state": told})
    return one
