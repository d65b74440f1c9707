"""bin/bench official: a notice and a report of BENCH_ROWS published results as PDF and Word, made as the workers do it.

Seconds of this process's CPU, and the most memory it ever had.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Cycle, Notice, Snapshot, SnapshotRow
from orgs import background
from reports.exports import files, making
from reports.models import Export
from tests.bench import draws

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))


def main() -> None:
    cycle, reviewer = draws.finished()
    notice = published(cycle, reviewer)
    client = Client(SERVER_NAME="localhost")
    client.force_login(reviewer)
    report = [cycle.pk]
    orders: list[tuple[str, tuple[Any, ...]]] = []
    background.run = lambda job, *args, **_options: orders.append((job, args))  # type: ignore[assignment]
    reverse("home")  # the address book is read once in a process

    def get(url: str) -> Any:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url}: {answer.status_code}")
        return answer

    timed("the report's page", lambda: get(reverse("reports:official", args=report)))
    for title, url in (
        ("notice, Word", reverse("reports:notice_docx", args=[cycle.pk, notice.snapshot.number])),
        ("notice, PDF", reverse("reports:notice_pdf", args=[notice.key])),
        ("report, Word", reverse("reports:official_docx", args=report)),
        ("report, PDF", reverse("reports:official_pdf", args=report)),
    ):
        timed(f"{title}: ordered", lambda url=url: get(url))  # type: ignore[misc]
        parts = []
        while orders:
            job, args = orders.pop(0)
            parts.append(took(lambda job=job, args=args: getattr(making, job.rpartition(".")[2])(*args)))  # type: ignore[misc]
        export = Export.objects.latest("pk")
        *made, joined = parts
        size = files.whole(export).stat().st_size / 1e6
        told = f"{len(made)} parts in {sum(made):.1f} s, the longest {max(made):.1f} s; joined in {joined:.1f} s"
        print(f"{title}: {told}; {size:.1f} MB; {memory()} MB of memory", flush=True)
        timed(f"{title}: fetched", lambda url=url: get(url).getvalue())  # type: ignore[misc]


def published(cycle: Cycle, by: Any) -> Notice:
    """Straight into the tables: every tenth did not qualify."""
    now = timezone.now()
    with transaction.atomic():
        snapshot = Snapshot.objects.create(cycle=cycle, number=1, at=now, by=by, rules=[], digest="0" * 64)
        found = Assessment.objects.filter(cycle=cycle).order_by("path").values_list("pk", "name", "path", "kind__name")
        SnapshotRow.objects.bulk_create(
            (
                SnapshotRow(
                    snapshot=snapshot,
                    assessment_id=pk,
                    name=f"{name}总工会基层联合会",
                    path=path,
                    kind=kind,
                    points=Decimal(4),
                    maximum=Decimal(4),
                    place=1,
                    band_rank=2,
                    band="二星",
                    awarded_rank=2,
                    awarded="二星",
                    qualified=place % 10 > 0,
                )
                for place, (pk, name, path, kind) in enumerate(found)
            ),
            batch_size=2000,
        )
        day = timezone.localdate()
        said = {"title": "关于年检结果的公示", "body": "现予公示。", "contact": "组织部", "issuer": "某市总工会"}
        window = {"starts_on": day, "ends_on": day, "days": 1, "count": "calendar"}
        return Notice.objects.create(snapshot=snapshot, **said, **window)


def took(act: Callable[[], Any]) -> float:
    began = process_time()
    act()
    return process_time() - began


def timed(what: str, act: Callable[[], Any]) -> None:
    print(f"{what}: {took(act):.2f} s", flush=True)


def memory() -> int:
    return getrusage(RUSAGE_SELF).ru_maxrss // 1024
