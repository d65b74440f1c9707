"""bin/bench draws: a population of BENCH_ROWS finished assessments frozen and drawn from, its page and its record.

Seconds, and seconds of CPU: of this process, and of the PostgreSQL process that works for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # Django must be set up before its models are imported
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from assessments.draws.drawn import checks  # noqa: E402
from assessments.models import Assessment, Draw, Sheet  # noqa: E402
from assessments.services import draws  # noqa: E402
from assessments.services.draws import freezing  # noqa: E402
from assessments.workflow import Stage, State  # noqa: E402
from orgs.models import Level  # noqa: E402
from orgs.roles import Role  # noqa: E402
from orgs.services import NewOrganization, bulk_create_organizations  # noqa: E402
from tests import factories as make  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
NAMES = int(os.environ.get("BENCH_NAMES", "1000"))
COUNTIES = 20


def finished() -> tuple[Any, Any]:
    """A cycle in which everybody has a result, and the reviewer who draws."""
    call_command("migrate", verbosity=0)
    city = make.organization(None, "city", Level.CITY)
    counties = [make.organization(city, "county", Level.COUNTY) for _county in range(COUNTIES)]
    towns = [NewOrganization(f"乡镇{n}", make.kind(), Level.TOWNSHIP, counties[n % COUNTIES]) for n in range(ROWS)]
    bulk_create_organizations(None, towns)
    rubric = make.long_rubric(2, stages=2, bands=((2, "二星", "3"), (1, "一星", "0")))
    admin, reviewer = make.person((city, Role.ADMIN)), make.person((city, Role.REVIEWER))
    cycle = make.open_cycle_for(city, {"township": rubric}, by=admin)
    mine = Assessment.objects.filter(cycle=cycle)
    mine.update(state=State.FINAL, points=4, band_rank=2, official_stage=Stage.ASSESS)
    keys = mine.values_list("pk", flat=True)
    Sheet.objects.bulk_create(
        (Sheet(assessment_id=key, stage=Stage.ASSESS, points=4, band_rank=2) for key in keys), batch_size=2000
    )
    return cycle, reviewer


def database_time() -> float:
    """Seconds of CPU that the database's process has used for this connection; 0 on SQLite, which is this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def timed(what: str, act: Callable[[], Any]) -> Any:
    began, cpu, database = monotonic(), process_time(), database_time()
    found = act()
    own, theirs = process_time() - cpu, database_time() - database
    print(f"{what}: {monotonic() - began:.2f} s ({own:.2f} s CPU, {theirs:.2f} s in the database)", flush=True)
    return found


def main() -> None:
    reverse("home")  # the address book is read once in a process
    cycle, reviewer = finished()
    share = (Decimal(NAMES) / ROWS).quantize(Decimal("0.0001"))
    by = make.again(reviewer)
    draw = draws.fix_seed(by, cycle, draws.Terms(share, "7 0 4 9 2", "体彩排列5", by_band=True))
    draw = timed(f"the freeze of {ROWS} ordered", lambda: draws.freeze_population(by, draw))
    timed("frozen by a worker", lambda: freezing.freeze(draw.pk))
    pulled = timed("names drawn and called up", lambda: draws.draw_names(make.again(reviewer), draw))
    print(f"{pulled.drawn.count()} names")
    draw = Draw.objects.get(pk=draw.pk)
    if not all(one.agrees for one in timed("computed again", lambda: checks(draw))):
        raise SystemExit("the draw does not agree with itself")
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(reviewer)
    for name in ("draws:detail", "draws:comparison", "draws:population_file", "draws:list"):
        url = reverse(name, args=[cycle.pk if name == "draws:list" else draw.pk])
        response = timed(name, lambda url=url: client.get(url))  # type: ignore[misc]
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")


if __name__ == "__main__":
    main()
