"""What the table of rights asks objections with: a notice that runs, and one objection to the township's result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from assessments.models import Channel, Notice, Objection, Snapshot, SnapshotRow
from tests.factories import Cast

Target = Callable[[], dict[str, Any]]


def objection_targets(people: Cast) -> dict[str, Target]:
    return {
        "objections:list": lambda: {"pk": people.cycle.pk},
        "objections:create": lambda: published(people) and {"pk": people.assessment.pk},
        "objections:stand": lambda: {"pk": people.assessment.pk},
        **{
            f"objections:{name}": lambda: {"pk": objected(people).pk}
            for name in ("detail", "objector", "recheck", "settle")
        },
    }


def posted_to_objections() -> dict[str, dict[str, Any]]:
    return {
        "objections:create": {"statement": "偏低", "channel": "visit", "received_on": timezone.localdate().isoformat()},
        "objections:recheck": {"items": "1-1"},
        "objections:settle": {"state": "rejected", "outcome": "不成立"},
    }


def published(people: Cast) -> Notice:
    """The township's result on a notice that runs today."""
    found = Notice.objects.filter(snapshot__cycle=people.cycle).order_by("-snapshot__number").first()
    if found:
        return found
    today = timezone.localdate()
    snapshot = Snapshot.objects.create(
        cycle=people.cycle, number=1, at=timezone.now(), by=people.admin, digest="0" * 64
    )
    one = people.assessment
    SnapshotRow.objects.create(snapshot=snapshot, assessment=one, name=one.name, path=one.path, kind=one.kind.name)
    return Notice.objects.create(
        snapshot=snapshot, title="公示", starts_on=today, ends_on=today, days=1, count="calendar"
    )


def objected(people: Cast) -> Objection:
    """By a visitor."""
    found = Objection.objects.filter(assessment=people.assessment).first()
    if found:
        return found
    today = timezone.localdate()
    return Objection.objects.create(
        notice=published(people),
        assessment=people.assessment,
        number=1,
        channel=Channel.VISIT,
        statement="第一项偏低",
        registered_by=people.admin,
        registered_at=timezone.now(),
        received_on=today,
        due_on=today,
    )
