"""bin/bench ranking: rankings and statistics of BENCH_RESULTS results, beside plain SQL on the same rows.

The rows are written by the database itself, as the services would leave them; the items' figures straight into the
roll-up, with the marks of one item only. Time is the clock's and that of the processors, of the server and of
PostgreSQL together.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import monotonic

from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from assessments.aftermath.coverage import coverage_of
from assessments.models import Assessment, Cycle, Mark, SectionResult, Tally, What
from assessments.services.tallying import recount
from orgs.models import Level, Organization, OrganizationKind, User
from orgs.roles import Role
from orgs.services import NewOrganization, bulk_create_organizations
from reports.standings.ranking import subjects
from rubrics.models import Rubric
from tests import factories
from tests.bench.data import session_of
from tests.bench.server import TICK, Server

RESULTS = int(os.environ.get("BENCH_RESULTS", "100000"))
CITIES = 14
TIMES, ROUNDS = 4, 5

REACHED = """
    SELECT round((60 + 40 * random())::numeric, CASE WHEN o.id % 50 = 0 THEN 4 ELSE 1 END) AS points,
    round((6 * random())::numeric, 1) AS above
"""
"""Points from 60 to 100, mostly in tenths; some with four decimals, as a rescaling leaves them."""


def main() -> None:
    cycle, admin = build()
    with Server() as server:
        server.cookies["sessionid"] = session_of(admin)
        pages(server, cycle)
    print(f"coverage of {RESULTS} organisations: {clock(lambda: coverage_of(cycle.branch)) * 1000:.0f} ms", flush=True)


def pages(server: Server, cycle: Cycle) -> None:
    ranking, statistics = f"/cycles/{cycle.pk}/ranking/", f"/cycles/{cycle.pk}/statistics/"
    section = SectionResult.objects.values_list("section", flat=True)[0]
    item = Mark.objects.values_list("item", flat=True)[0]
    bare = measured(server, f"/bare/ranking/{cycle.pk}/")
    print(f"plain SQL, 50 rows with their ranks and how many there are: {said(bare)}")
    found = measured(server, ranking)
    print(
        f"ranking: {said(found)} = {found[0] / bare[0]:.2f} of the time, {found[1] / bare[1]:.2f} of the CPU (goal 1.3)"
    )
    shown = {
        "ranking, page 200": f"{ranking}?page=200",
        "ranking by name": f"{ranking}?sort=name",
        "ranking by self-score above the result": f"{ranking}?sort=-above",
        "ranking of a branch": f"{ranking}?branch={cycle.branch.children.first().pk}",
        "ranking by a section": f"{ranking}?by=section-{section}",
        "ranking by an item": f"{ranking}?by=item-{item}",
        **{
            f"statistics: {word}": f"{statistics}{word}/"
            for word in ("totals", "sections", "losses", "stages", "course")
        },
    }
    for name, url in shown.items():
        print(f"{name}: {said(measured(server, url))}", flush=True)


def said(found: tuple[float, float]) -> str:
    return f"{found[0]:.1f} ms ({found[1]:.1f} ms CPU)"


def measured(server: Server, url: str) -> tuple[float, float]:
    """Milliseconds by the clock and of CPU, server and database together: medians over rounds."""
    server.get(url)
    found = [_round(server, url) for _ in range(ROUNDS)]
    return median(time for time, _cpu in found), median(cpu for _time, cpu in found)


def _round(server: Server, url: str) -> tuple[float, float]:
    before, began = server.cpu() + database_cpu(), monotonic()
    for _ in range(TIMES):
        server.get(url)
    return (monotonic() - began) * 1000 / TIMES, (server.cpu() + database_cpu() - before) * 1000 / TIMES


def database_cpu() -> float:
    """Seconds of CPU of PostgreSQL's processes, those that have ended included."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = cursor.fetchone()[0]
    master = Path(folder, "postmaster.pid").read_text().split()[0]
    total = sum(int(field) for field in _stat(master)[13:15])  # of children that have ended
    for child in Path(f"/proc/{master}/task/{master}/children").read_text().split():
        total += sum(int(field) for field in _stat(child)[11:13])
    return total / TICK


def _stat(pid: str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def clock(act: Callable[[], object]) -> float:
    act()
    found = []
    for _ in range(3):
        began = monotonic()
        act()
        found.append(monotonic() - began)
    return median(found)


def build() -> tuple[Cycle, User]:
    call_command("migrate", verbosity=0)
    factories.load_rubrics()
    province = factories.organization(kind="province", level=Level.PROVINCE)
    admin = factories.person((province, Role.ADMIN))
    private, city = OrganizationKind.objects.get(code="private"), OrganizationKind.objects.get(code="city")
    plans = [NewOrganization(f"第{number}市总工会", city, Level.CITY, province) for number in range(1, CITIES + 1)]
    cities = bulk_create_organizations(None, plans)
    units = [
        NewOrganization(f"第{number}公司工会", private, Level.GRASSROOTS, one) for number, one in enumerate(cities)
    ]
    bulk_create_organizations(None, units)
    rubric = Rubric.objects.get(code="g2")
    cycle = factories.open_cycle_for(province, {"private": rubric}, by=admin)
    fill(cycle, admin)
    return cycle, admin


def fill(cycle: Cycle, admin: User) -> None:
    """Copies of the first organisation of each city with their results; the roll-up is counted from them."""
    execute("SET session_replication_role = replica")  # foreign keys are right as they are made here
    each = RESULTS // CITIES
    series = f"generate_series(1, {each - 1}) number"
    copy(
        Organization,
        f"JOIN assessments_assessment a ON a.organization_id = t.id CROSS JOIN {series} WHERE a.cycle_id = {cycle.pk}",
        name="t.name || number",
        sort_key="t.sort_key || number",
        path="left(t.path, -9) || lpad(currval(pg_get_serial_sequence('orgs_organization', 'id'))::text, 9, '0')",
    )
    copy(
        Assessment,
        f"JOIN orgs_organization o ON o.parent_id = t.assessor_id CROSS JOIN LATERAL ({REACHED}) p "
        f"WHERE t.cycle_id = {cycle.pk} AND o.id <> t.organization_id",
        organization_id="o.id",
        name="o.name",
        sort_key="o.sort_key",
        path="o.path",
        state="'final'",
        official_stage="'assess'",
        points="p.points",
        assess_points="p.points",
        self_points="least(100, p.points + p.above)",
        applicable="100",
        band_rank="1 + (p.points - 60)::int / 10",
        assessed_by_id=str(admin.pk),
    )
    execute("DELETE FROM assessments_sheet")
    execute(
        "INSERT INTO assessments_sheet (assessment_id, stage, base, bonus, applicable, points, scored, required) "
        "SELECT id, stage, reached, 0, 100, reached, 43, 43 FROM assessments_assessment CROSS JOIN LATERAL "
        "(VALUES ('self', self_points), ('assess', assess_points)) AS sheet (stage, reached) "
        "WHERE state = 'final'"
    )
    parts(cycle, admin)
    Cycle.objects.filter(pk=cycle.pk).update(closed_at=timezone.now(), closed_by=admin)
    execute("VACUUM ANALYZE")


def parts(cycle: Cycle, admin: User) -> None:
    """Sections, the marks of one item, and the other items' figures in the roll-up."""
    kind = cycle.kinds.get(rubric__isnull=False)
    every = subjects(kind).values()
    items = [one for one in every if one.what == What.ITEM and one.most]
    for section in (one for one in every if one.what == What.SECTION):
        execute(
            "INSERT INTO assessments_sectionresult (assessment_id, section_id, points, applicable) "
            "SELECT id, %s, round((%s * (0.5 + random() / 2))::numeric, 1), %s FROM assessments_assessment "
            "WHERE state = 'final'",
            *(section.of, section.most, section.most),
        )
    execute(
        "INSERT INTO assessments_mark (sheet_id, item_id, points, earned, not_applicable, reason, remark, version, "
        "saved_at, saved_by_id) SELECT id, %s, p, p, false, '', '', 1, now(), %s FROM (SELECT id, "
        "round((%s * random())::numeric, 1) AS p FROM assessments_sheet WHERE stage = 'assess') found",
        *(items[0].of, admin.pk, items[0].most),
    )
    recount(cycle)
    branches = set(Tally.objects.filter(cycle=cycle).values_list("branch", flat=True))
    shown = {"cycle": cycle, "what": What.ITEM, "kind_id": kind.kind_id, "count": RESULTS // CITIES // 20}
    Tally.objects.bulk_create(
        Tally(of=one.of, branch=branch, points=one.most * step / 20, **shown)
        for one in items[1:]
        for branch in branches
        for step in range(20)
    )


def copy(model: type[models.Model], source: str, **changed: str) -> None:
    """Inserts a row of `model` again for each row that `source`, joined to its table t, has; some columns changed."""
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    values = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    table, sequence = model._meta.db_table, f"nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))"
    execute(f"INSERT INTO {table} (id, {', '.join(columns)}) SELECT {sequence}, {values} FROM {table} t {source}")  # noqa: S608  # ours


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
