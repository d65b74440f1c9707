"""bin/bench import: a list of 100,000 organisations checked and written as a worker does it, beside a bare bulk_create.

Each is done in a process of its own, whose clock and peak memory are read when it ends.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryFile
from time import monotonic, process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.core.files import File  # noqa: E402  # Django must be set up before its models are imported
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from orgs import credit_code  # noqa: E402
from orgs.files import Format  # noqa: E402
from orgs.importing import jobs, steps  # noqa: E402
from orgs.importing.organizations.fields import FIELDS  # noqa: E402
from orgs.importing.reading import see  # noqa: E402
from orgs.importing.registry import SPECS  # noqa: E402
from orgs.importing.workbook import write_list  # noqa: E402
from orgs.models import Level, ListKind, Organization, OrganizationKind, Upload, UploadState  # noqa: E402
from orgs.roles import Role  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench.memory import peak  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
COUNTIES, TOWNSHIPS = 20, 400


def rows() -> Iterator[list[str]]:
    """Counties under the city, townships under counties, all others under townships; in no order."""
    numbers = list(range(ROWS))
    random.Random(1).shuffle(numbers)
    for number in numbers:
        body = f"8121{number:013d}"
        code = body + credit_code.check_character(body)
        members, contact, phone = str(number % 900), "王芳", f"139{number:08d}"
        if number < COUNTIES:
            place = (f"第{number}区总工会", "", "kind-1", "县级")
        elif number < COUNTIES + TOWNSHIPS:
            place = (f"第{number}街道总工会", f"第{number % COUNTIES}区总工会", "kind-2", "乡镇")
        else:
            above = COUNTIES + number % TOWNSHIPS
            place = (f"沈阳市第{number}机床制造有限公司工会委员会", f"第{above}街道总工会", "kind-3", "基层")
        name, parent, kind, level = place
        yield [name, code, parent, "", kind, level, members, contact, phone]  # none has an industrial union


def prepare() -> int:
    """An empty city with an administrator, and the file of the list uploaded; the upload's key."""
    call_command("migrate", verbosity=0)
    for number in (1, 2, 3):
        factories.kind(f"kind-{number}")
    city = factories.organization(kind="city", level=Level.CITY)
    admin = factories.person((city, Role.ADMIN))
    with TemporaryFile() as file:
        write_list(file, FIELDS, rows())
        file.seek(0)
        upload = steps.receive(admin, ListKind.ORGANIZATIONS, city, File(file, "list.xlsx"), Format.XLSX)
    sight = see(upload, SPECS[upload.kind])
    Upload.objects.update(state=UploadState.CHECKING, columns=list(sight.columns), table=sight.table)
    return upload.pk


def check(pk: int) -> None:
    jobs.check(pk)
    upload = Upload.objects.get(pk=pk)
    if upload.figures.get("wrong") or not upload.figures:
        raise SystemExit(f"{upload.figures} {upload.sentence} {upload.rows.filter(outcome='wrong')[:3].values()}")


def write(pk: int) -> None:
    Upload.objects.update(state=UploadState.WRITING, started_at=timezone.now())
    jobs.write(pk)
    upload = Upload.objects.get(pk=pk)
    if upload.state != UploadState.DONE:
        raise SystemExit(f"{upload.state}: {upload.sentence}")


def bare(_pk: int) -> None:
    """The same rows as objects, inserted and undone. No parents, no log, no sort keys, nothing asked."""
    kinds = {kind.code: kind for kind in OrganizationKind.objects.all()}
    with transaction.atomic():
        Organization.objects.bulk_create(
            (
                Organization(
                    name=name,
                    code=code,
                    kind=kinds[kind],
                    level=Level.GRASSROOTS,
                    members=int(members),
                    contact=contact,
                    phone=phone,
                    path=code,
                )
                for name, code, _parent, _union, kind, _level, members, contact, phone in rows()
            ),
            batch_size=2000,
        )
        transaction.set_rollback(True)


STEPS = {"bare": bare, "check": check, "write": write}


def measured(step: str, pk: int) -> tuple[float, float, float]:
    """Seconds, seconds of CPU and megabytes of a step in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.lists", step, str(pk)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-3:]
    return float(told[0]), float(told[1]), float(told[2])


def main() -> None:
    pk = prepare()
    found = {step: measured(step, pk) for step in STEPS}
    for step, (seconds, cpu, memory) in found.items():
        print(f"{step}: {seconds:.1f} s ({cpu:.1f} s CPU), {ROWS / seconds:.0f} rows/s, {memory:.0f} MB")
    ours = [sum(pair) for pair in zip(found["check"], found["write"], strict=True)]
    memory = max(found["check"][2], found["write"][2])
    bare = found["bare"]
    print(
        f"a list of {ROWS} checked and written / bare bulk_create: {ours[0]:.1f} s / {bare[0]:.1f} s"
        f" = {ours[0] / bare[0]:.2f} (goal 60 s), {ours[1] / bare[1]:.2f} of its CPU,"
        f" {memory:.0f} MB / {bare[2]:.0f} MB = {memory / bare[2]:.2f} (goal 512 MB)",
        flush=True,
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        started = monotonic(), process_time()
        STEPS[sys.argv[1]](int(sys.argv[2]))
        print(monotonic() - started[0], process_time() - started[1], peak())
    else:
        main()
