"""bin/bench: prints one line per comparison: ours, bare, ratio, goal. `import` is the list of 100,000 organisations,
`export` the marks of 2,000. Only when asked for: `ranking`, over BENCH_RESULTS results, `draws`, a draw among 100,000,
`official`, a notice and a report of as many, `batch`, scorecards of 500, and `kills`, which kills workers and
PostgreSQL.
"""

from __future__ import annotations

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
django.setup()

from itertools import count  # noqa: E402  # Django must be set up before its models are imported

from assessments.workflow import Stage  # noqa: E402
from rubrics.rows import rows  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench import cards, draws, exports, kills, lists, official, rankings  # noqa: E402
from tests.bench.data import Data, build, session_of  # noqa: E402
from tests.bench.server import Server, compare  # noqa: E402


def page(server: Server, data: Data) -> tuple[float, float, float]:
    server.cookies["sessionid"] = session_of(data.assessor)
    ours = f"/assessments/{data.assessment.pk}/sheets/assess/"
    return compare(server, lambda: server.get(ours), lambda: server.get(f"/bare/page/{data.assessment.pk}/"))


def save(server: Server, data: Data) -> tuple[float, float, float]:
    """One item that changes at every save, with its revision and the sheet's sums."""
    server.cookies["sessionid"] = session_of(data.assessor)
    server.get(f"/assessments/{data.assessment.pk}/sheets/assess/")
    data.assessment.rubric.refresh_from_db()
    row, other = rows(data.assessment.rubric)[:2]
    versions = {one.key: count(factories.version_of(data.assessment, Stage.ASSESS, one.key)) for one in (row, other)}
    values = {key: iter("12" * 100_000) for key in versions}
    url = f"/assessments/{data.assessment.pk}/sheets/assess/items/{row.key}/"

    def ours() -> bytes:
        points, version = next(values[row.key]), next(versions[row.key])
        return server.post(url, {f"p-{row.key}": points, f"r-{row.key}": "", f"v-{row.key}": str(version)})

    def bare() -> bytes:
        points, version = next(values[other.key]), next(versions[other.key]) + 1
        typed = {"item": str(other.pk), "points": points, "version": str(version)}
        return server.post(f"/bare/save/{data.assessment.pk}/", typed)

    return compare(server, ours, bare)


def listing(server: Server, data: Data) -> tuple[float, float, float]:
    server.cookies["sessionid"] = session_of(data.admin)
    ours = f"/assessments/?cycle={data.cycle.pk}"
    return compare(server, lambda: server.get(ours), lambda: server.get(f"/bare/list/{data.cycle.pk}/"))


def card(server: Server, data: Data) -> tuple[float, float, float]:
    """One PDF against WeasyPrint on the same card's HTML, kept in memory by the bare view."""
    server.cookies["sessionid"] = session_of(data.assessor)
    ours, bare = f"/assessments/{data.assessment.pk}/scorecard.pdf", f"/bare/card/{data.assessment.pk}/"
    return compare(server, lambda: server.get(ours), lambda: server.get(bare), times=5, rounds=5)


COMPARISONS = {
    "page": (page, "scoring page, 43 rows / bare view of the same rows", 1.0),
    "save": (save, "one item saved with its history / bare upsert of the same rows", 1.5),
    "list": (listing, "assessments, 50 of 2,000 / bare view", 1.5),
    "card": (card, "one PDF / WeasyPrint on the same HTML", 1.1),
}


APART = {
    "batch": cards.main,
    "import": lists.main,
    "export": exports.main,
    "ranking": rankings.main,
    "draws": draws.main,
    "official": official.main,
    "kills": kills.main,
}
"""What fills a database of its own size: measured one by one."""
USUAL = ("import", "export")
"""Those that run when nothing is asked for."""


def main(names: list[str]) -> None:
    compared = [name for name in names or COMPARISONS if name in COMPARISONS]
    if compared:
        pages(compared)
    for name in names or USUAL:
        if name in APART:
            APART[name]()


def pages(names: list[str]) -> None:
    data = build()
    with Server() as server:
        server.cookies["csrftoken"] = "x" * 32
        for name in names:
            measure, title, goal = COMPARISONS[name]
            ours, bare, ratio = measure(server, data)
            print(f"{title}: {ours:.1f} ms / {bare:.1f} ms = {ratio:.2f} (goal {goal})", flush=True)


main(sys.argv[1:])
