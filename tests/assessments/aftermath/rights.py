"""What the table of rights asks consequences, coverage and yearly reports with: one of each, made when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.models import (
    Consequence,
    ConsequenceKind,
    ConsequenceState,
    Cycle,
    MakeUp,
    MakeUpFile,
    MakeUpState,
    SnapshotRow,
    YearReport,
)
from tests.assessments.aftermath import made
from tests.factories import Cast

Target = Callable[[], dict[str, Any]]


def aftermath_targets(people: Cast) -> dict[str, Target]:
    own = {"pk": people.cycle.pk}
    union = {"pk": people.city.pk}
    return {
        **{f"consequences:{name}": lambda: closed(people) and own for name in ("list", "propose")},
        "consequences:decide": lambda: proposed(people) and own,
        **{f"consequences:{name}": lambda: {"pk": proposed(people).pk} for name in ("detail", "confirm", "drop")},
        "consequences:report": lambda: {"pk": set_task(people, MakeUpState.SET).pk},
        "consequences:file": lambda: {"pk": shown(people).pk},
        "consequences:inspect": lambda: {"pk": set_task(people, MakeUpState.REPORTED).pk},
        "coverage:home": dict,
        **{f"coverage:{name}": lambda: union for name in ("detail", "targets", "export")},
        **{f"year_reports:{name}": lambda: own for name in ("list", "ask")},
        **{f"year_reports:{name}": lambda: {"pk": asked_for(people).pk} for name in ("detail", "print")},
        **{f"year_reports:{name}": lambda: {"pk": handed_in(people).pk} for name in ("hand_back", "received")},
    }


def posted_to_aftermath(people: Cast) -> dict[str, dict[str, Any]]:
    day = timezone.localdate().isoformat()
    return {
        "consequences:decide": {"lines": Consequence.objects.values_list("pk", flat=True), "what": "confirm"},
        "consequences:drop": {"reason": "另有安排"},
        "consequences:report": {"text": "已补课"},
        "consequences:inspect": {"passed": "yes", "finding": "合格"},
        "year_reports:ask": {"words": "2月30日", "year": 2027},
        "year_reports:detail": {"text": "总结"},
        "year_reports:hand_back": {"reason": "请补充"},
        "year_reports:received": {"day": day},
    }


def closed(people: Cast) -> SnapshotRow:
    """The township's row of the cycle's only snapshot; the cycle is closed."""
    if not people.cycle.snapshots.exists():
        made.publish(people.cycle, people.admin)
        Cycle.objects.filter(pk=people.cycle.pk).update(closed_at=timezone.now(), closed_by=people.admin)
    return SnapshotRow.objects.select_related("snapshot").get(assessment=people.assessment)


def proposed(people: Cast) -> Consequence:
    own = {"ground": "未达标", "proposed_by": people.admin, "proposed_at": timezone.now()}
    return Consequence.objects.get_or_create(row=closed(people), kind=ConsequenceKind.FUNDING, defaults=own)[0]


def set_task(people: Cast, state: MakeUpState) -> Consequence:
    """A confirmed make-up task in this state."""
    now, by = timezone.now(), people.admin
    said = {"proposed_by": by, "proposed_at": now, "state": ConsequenceState.CONFIRMED}
    decided = {"decided_by": by, "decided_at": now, "ground": "未达标", **said}
    one, _new = Consequence.objects.get_or_create(row=closed(people), kind=ConsequenceKind.MAKE_UP, defaults=decided)
    reported = {"report": "已补", "reported_by": people.chair, "reported_at": now} if state != MakeUpState.SET else {}
    task = {"task": "补课", "due_on": timezone.localdate(), "set_by": by, "set_at": now, "state": state, **reported}
    MakeUp.objects.update_or_create(consequence=one, number=1, defaults=task)
    return one


def shown(people: Cast) -> MakeUpFile:
    """A paper of a reported task."""
    make_up = set_task(people, MakeUpState.REPORTED).make_ups.get()
    about = {"name": "签到表.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    by = {"uploaded_by": people.chair, "uploaded_at": timezone.now()}
    return MakeUpFile.objects.create(make_up=make_up, file=ContentFile(b"-", "-"), **about, **by)


def asked_for(people: Cast, **more: Any) -> YearReport:
    day, now = timezone.localdate(), timezone.now()
    asked = {"due_words": "2月30日", "due_on": day, "asked_by": people.admin, "asked_at": now}
    said = {**asked, "handed_in_by": None, "handed_in_at": None, **more}
    return YearReport.objects.update_or_create(cycle=people.cycle, organization=people.county, defaults=said)[0]


def handed_in(people: Cast) -> YearReport:
    return asked_for(people, text="总结", handed_in_by=people.assessor, handed_in_at=timezone.now())
