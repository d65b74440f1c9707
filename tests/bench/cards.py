"""bin/bench batch: CPU time of a batch of scorecards beside single ones and static WeasyPrint, and its memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from weasyprint import HTML

from assessments.models import Assessment, Count, Mark, Sheet
from assessments.permissions import readable_stages
from orgs.models import User
from reports import pdf
from reports.exports.cards import MERGED, PDFS, reading
from reports.exports.spec import ExportSpec
from reports.tables import ScoreTable, scorecard
from tests.bench.bare import finished
from tests.bench.data import Data, build

ORGANIZATIONS = 500
CARDS = 20
ROUNDS = 3
GOAL = 0.6


def main() -> None:
    data = build(ORGANIZATIONS)
    _mark_the_others(data)
    asked = {"cycle": data.cycle.pk, "kind": None, "branch": None, "final": False}
    user = User.objects.get(pk=data.admin.pk)
    keys = list(reading.units(user, asked))
    with TemporaryDirectory() as folder:
        _speed(user, asked, keys[:CARDS], Path(folder))
        for spec in (PDFS, MERGED):
            _memory(spec, user, asked, keys, Path(folder))


def _speed(user: User, asked: dict, keys: list[int], folder: Path) -> None:
    tables = _tables(user, keys)
    html = [finished(table) for table in tables]
    ways: dict[str, Callable[[], object]] = {
        "static WeasyPrint on the same HTML": lambda: [
            HTML(string=text).render(**options).write_pdf() for text, options in html
        ],
        "single cards": lambda: [pdf.render(table) for table in _tables(user, keys)],
        "a part of the zip": lambda: PDFS.make(user, asked, keys, folder / "part"),
        "a part of the merged PDF": lambda: MERGED.make(user, asked, keys, folder / "part"),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            start = process_time()
            way()
            times[name].append((process_time() - start) / len(keys) * 1000)
    static = times["static WeasyPrint on the same HTML"]
    for name, spent in times.items():
        ratio = median(mine / theirs for mine, theirs in zip(spent, static, strict=True))
        print(
            f"{name}: {median(spent):.0f} ms of CPU a card = {ratio:.2f} of static (a batch's goal {GOAL})", flush=True
        )


def _memory(spec: ExportSpec, user: User, asked: dict, keys: list[int], folder: Path) -> None:
    """What the process holds while it makes all parts, one after the other, and joins them."""
    paths, seen = [], {}
    for start in range(0, len(keys), spec.per_part):
        paths.append(folder / f"{spec.kind}{start}")
        spec.make(user, asked, keys[start : start + spec.per_part], paths[-1])
        seen[start + spec.per_part] = _resident()
    spec.join(asked, paths, folder / "whole")
    at = ", ".join(f"{seen[number]} MB after {number}" for number in sorted({min(100, max(seen)), max(seen)}))
    size = (folder / "whole").stat().st_size / 1024**2
    print(f"{spec.kind}, {len(keys)} cards: {at}, {_resident()} MB joined; the file has {size:.0f} MB", flush=True)


def _resident() -> int:
    """Megabytes."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def _tables(user: User, keys: Iterable[int]) -> list[ScoreTable]:
    found = Assessment.objects.select_related("cycle", "kind", "rubric__document").in_bulk(keys)
    return [scorecard(found[key], readable_stages(user, found[key])) for key in keys]


def _mark_the_others(data: Data) -> None:
    """The marked assessment's sheets for all others, each with remarks of its own."""
    others = Assessment.objects.filter(cycle=data.cycle).exclude(pk=data.assessment.pk)
    others.update(state="assessing")
    for sheet in Sheet.objects.filter(assessment=data.assessment):
        marks = list(Mark.objects.filter(sheet=sheet))
        Sheet.objects.filter(assessment__in=others, stage=sheet.stage).delete()
        sheets = Sheet.objects.bulk_create(_copy(sheet, assessment=other) for other in others)
        copies = [
            (mark, _copy(mark, sheet=own, remark=f"{mark.remark}{own.assessment.name}{number}号台账。"))
            for own in sheets
            for number, mark in enumerate(marks)
        ]
        made = Mark.objects.bulk_create((copy for _mark, copy in copies), batch_size=1000)
        counts = {mark.pk: list(Count.objects.filter(mark=mark)) for mark in marks}
        Count.objects.bulk_create(
            (
                _copy(count, mark=copy)
                for (mark, _copy_of), copy in zip(copies, made, strict=True)
                for count in counts[mark.pk]
            ),
            batch_size=1000,
        )


def _copy(row, **changes):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id")
    for name in changes:
        values.pop(f"{name}_id", None)
    return type(row)(**{**values, **changes})
