"""bin/bench export: marks of 2,000 organisations as CSV and Excel, beside bare writers of the same values.

Each is done in a process of its own, whose CPU time and peak memory are read when it ends.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.db import connection  # noqa: E402  # Django must be set up before its models are imported
from django.utils import timezone, translation  # noqa: E402
from xlsxwriter import Workbook  # noqa: E402

from assessments.models import Assessment, Mark, Sheet  # noqa: E402
from assessments.workflow import Stage, State  # noqa: E402
from orgs.models import User  # noqa: E402
from reports.exports.marks import LONG, PLAIN, WORKBOOK  # noqa: E402
from rubrics.models import Item  # noqa: E402
from tests.bench.data import Data, build  # noqa: E402
from tests.bench.memory import peak  # noqa: E402

ROUNDS = 5
FEW, MANY = 233, int(os.environ.get("BENCH_ORGANIZATIONS", "2326"))
"""Organisations whose sheets of 43 items make 10,000 and 100,000 rows."""

BARE = """
    SELECT a.id, a.name, u.name, a.state, s.points, m.points FROM assessments_assessment a
    JOIN orgs_organization u ON u.id = a.assessor_id
    JOIN assessments_sheet s ON s.assessment_id = a.id AND s.stage = 'assess'
    JOIN assessments_mark m ON m.sheet_id = s.id WHERE a.cycle_id = %s ORDER BY a.path
"""


def prepare(organizations: int) -> Data:
    """Every organisation marked by its assessors, but for its self-score, which nobody asks for."""
    data = build(organizations)
    Sheet.objects.filter(assessment__cycle=data.cycle).delete()
    Assessment.objects.filter(cycle=data.cycle).update(state=State.ASSESSING)
    items = list(Item.objects.filter(rubric=data.assessment.rubric).order_by("position"))
    total = sum(item.points for item in items)
    keys = Assessment.objects.filter(cycle=data.cycle).values_list("pk", flat=True)
    sums = {"base": total, "points": total, "applicable": total, "scored": len(items), "required": len(items)}
    sheets = Sheet.objects.bulk_create([Sheet(assessment_id=key, stage=Stage.ASSESS, **sums) for key in keys])
    half, said = Decimal("0.5"), {"saved_at": timezone.now(), "saved_by": data.assessor}
    for first in range(0, len(sheets), 200):
        Mark.objects.bulk_create(
            Mark(sheet=sheet, item=item, points=item.points - (sheet.pk + item.pk) % 2 * item.points.min(half), **said)
            for sheet in sheets[first : first + 200]
            for item in items
        )
    return data


def ours(spec: Any, data: dict[str, Any], folder: Path, most: int) -> None:
    user = User.objects.get(pk=data["assessor"])
    asked = {"cycle": data["cycle"], "kind": data["kind"], "branch": None, "stage": ""}
    keys = list(spec.units(user, asked))[:most]
    parts: list[Path] = []
    for first in range(0, len(keys), spec.per_part):
        parts.append(folder / f"{first}.part")
        spec.make(user, asked, keys[first : first + spec.per_part], parts[-1])
    spec.join(asked, parts, folder / f"ours.{spec.ending}")


def wide_rows(cycle: int) -> Any:
    """The same values, an organisation a row, as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(BARE, [cycle])
        row: list[Any] = []
        values: list[Any] = []
        last = None
        for key, name, union, state, total, points in cursor:
            if key != last:
                if row:
                    yield row
                values = [total]
                row, last = [name, union, state, values], key
            values.append(points)
        yield row


def bare_csv(data: dict[str, Any], folder: Path, _most: int) -> None:
    with (folder / "bare.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((*texts, *points) for *texts, points in wide_rows(data["cycle"]))


def bare_xlsx(data: dict[str, Any], folder: Path, _most: int) -> None:
    book = Workbook(str(folder / "bare.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, (*texts, points) in enumerate(wide_rows(data["cycle"])):
        for column, text in enumerate(texts):
            sheet.write_string(number, column, text)
        for column, value in enumerate(points, len(texts)):
            sheet.write_number(number, column, value)
    book.close()


STEPS = {
    "csv": lambda *rest: ours(PLAIN, *rest),
    "xlsx": lambda *rest: ours(WORKBOOK, *rest),
    "long": lambda *rest: ours(LONG, *rest),
    "bare-csv": bare_csv,
    "bare-xlsx": bare_xlsx,
}


def measured(step: str, data: Data, most: int = 10**9) -> tuple[float, float]:
    """Seconds of CPU and megabytes of a step in a process of its own."""
    keys = [str(key) for key in (data.cycle.pk, data.assessment.kind_id, data.assessor.pk, most)]
    command = [sys.executable, "-m", "tests.bench.exports", step, *keys]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-2:]
    return float(told[0]), float(told[1])


def main() -> None:
    data = prepare(MANY)
    for ending, goal in (("csv", 1.5), ("xlsx", 1.5)):
        pairs = [(measured(ending, data), measured(f"bare-{ending}", data)) for _ in range(ROUNDS)]
        mine, bare = (median(pair[side][0] for pair in pairs) for side in (0, 1))
        ratio = median(one[0] / other[0] for one, other in pairs)
        print(
            f"marks of {MANY} organisations x 43 as {ending} / bare: {mine:.2f} s / {bare:.2f} s = {ratio:.2f}"
            f" (goal {goal}); {pairs[0][0][1]:.0f} MB / {pairs[0][1][1]:.0f} MB",
            flush=True,
        )
    few, many = (measured("long", data, most) for most in (FEW, MANY))
    print(f"10,000 rows of items: {few[0]:.1f} s, {few[1]:.0f} MB; 100,000: {many[0]:.1f} s, {many[1]:.0f} MB")


def step(name: str, cycle: int, kind: int, assessor: int, most: int) -> None:
    translation.activate("zh-hans")
    data = {"cycle": cycle, "kind": kind, "assessor": assessor}
    with TemporaryDirectory() as folder:
        ours(PLAIN, data, Path(folder), 1)  # a worker that has made a file before
        started = process_time()
        STEPS[name](data, Path(folder), most)
        spent = process_time() - started
    print(spent, peak())


if __name__ == "__main__":
    if len(sys.argv) > 2:
        step(sys.argv[1], *map(int, sys.argv[2:]))
    else:
        main()
