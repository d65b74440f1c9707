"""Publishing a cycle's results, and closing the cycle: the only writer of snapshots and notices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments import grading
from assessments.calendars import last_day
from assessments.models import Assessment, Cycle, Notice, Snapshot, SnapshotRow
from assessments.permissions import may_decide
from assessments.publications import against_closing, against_publishing, digest_of, fingerprint, newest, rows_of
from assessments.services import messages
from assessments.services.locking import locked_cycle
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import User

BATCH = 1000
AHEAD = timedelta(days=60)
"""How far ahead a notice may be fixed."""


class Words(TypedDict):
    """What a notice says beside its table: `contact` is where one can object."""

    title: str
    body: str
    contact: str


@transaction.atomic
def publish(
    by: User, cycle: Cycle, *, starts_on: date, reason: str = "", seen: str = "", **words: Unpack[Words]
) -> Notice:
    """Freezes the present results of a cycle in a snapshot, and puts it on public notice.

    starts_on  day 1 of the window; how many days it has and how they are counted are the cycle's rules
    reason     why the results are published again; needed from the second time on
    seen       the `fingerprint` of the results that the person saw; empty: any

    A closed cycle is open again with it, until its notice is over. Raises Forbidden, or Refused with every sentence
    that stands against it: unfinished assessments, open ties and rulings, objections that are not settled.
    """
    cycle = _locked(by, cycle)
    before = newest(cycle)
    texts = _checked(words)
    reason = said(reason, 500) if before else ""
    if before and not reason:
        raise Refused(_("Please say why the results are published again; the notice shows it."))
    _check_first_day(starts_on)
    found = against_publishing(cycle)
    if found:
        raise Refused(" ".join(found))
    rows = rows_of(cycle)
    if seen not in ("", fingerprint(rows)):
        raise Refused(_("The results have changed since you looked at them. Please look at them again."))
    snapshot = _freeze(by, cycle, rows, before, reason)
    if cycle.closed_at:
        cycle.closed_at, cycle.closed_by = None, None
        cycle.save(update_fields=("closed_at", "closed_by"))
    days, count = cycle.notice_days, cycle.notice_count
    notice = Notice.objects.create(
        snapshot=snapshot,
        issuer=cycle.owner.name,
        starts_on=starts_on,
        ends_on=last_day(starts_on, days, count),
        days=days,
        count=count,
        **texts,
    )
    messages.tell_notice(notice)
    return notice


@transaction.atomic
def close_cycle(by: User, cycle: Cycle) -> Cycle:
    """Makes the last published results final: from now on only a revisit touches an assessment.

    Raises Forbidden, WrongState when it is closed, Refused while the last notice runs, an objection is open, or the
    results are not those that were published.
    """
    cycle = _locked(by, cycle)
    if cycle.closed_at:
        raise WrongState(_("The cycle is closed already."))
    found = against_closing(cycle)
    if found:
        raise Refused(" ".join(found))
    cycle.closed_at, cycle.closed_by = timezone.now(), by
    cycle.save(update_fields=("closed_at", "closed_by"))
    return cycle


def _locked(by: User, cycle: Cycle) -> Cycle:
    """The cycle and its assessments, locked: two who publish queue up, and no result moves while it is frozen."""
    cycle = locked_cycle(cycle.pk)
    if not may_decide(by, cycle):
        raise Forbidden(_("Results are published by the reviewers and administrators of the deciding union."))
    held = Assessment.objects.filter(cycle=cycle).order_by("pk").select_for_update(of=("self",))
    list(held.values_list("pk", flat=True))
    return cycle


def _freeze(by: User, cycle: Cycle, rows: list[SnapshotRow], before: Snapshot | None, reason: str) -> Snapshot:
    snapshot = Snapshot(
        cycle=cycle,
        number=before.number + 1 if before else 1,
        at=timezone.now(),
        by=by,
        reason=reason,
        rules=_rules(cycle),
    )
    snapshot.digest = digest_of(snapshot, rows, before.digest if before else "")
    snapshot.save(force_insert=True)
    for row in rows:
        row.snapshot = snapshot
    SnapshotRow.objects.bulk_create(rows, batch_size=BATCH)
    return snapshot


def _rules(cycle: Cycle) -> list[str]:
    with translation.override(settings.LANGUAGE_CODE):
        return grading.rules_in_words(cycle)


def _check_first_day(day: date) -> None:
    today = timezone.localdate()
    if not today <= day <= today + AHEAD:
        raise Refused(_("The notice begins between today and %(day)s.") % {"day": (today + AHEAD).isoformat()})


def _checked(words: Words) -> dict[str, str]:
    lengths = {"title": 120, "body": 4000, "contact": 300}
    texts = {name: said(words[name], length) for name, length in lengths.items()}  # type: ignore[literal-required]
    if not all(texts.values()):
        raise Refused(_("A notice needs a title, a text, and where one can object."))
    return texts
