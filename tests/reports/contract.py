"""Generated assessments under the fifteen rubrics, and what each of their sheets is worth by the oracle's own rules."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from assessments.models import Assessment, Count, Cycle, CycleKind, Mark, Sheet
from assessments.results import contents_of, own_stages, read_marks, store_total, total_of
from assessments.services.tallying import recount
from assessments.workflow import STAGE_ORDER, State
from orgs.models import Level, Organization, OrganizationKind, User
from orgs.roles import Role
from rubrics.convert import to_kernel
from rubrics.models import Rubric
from rubrics.rows import rows
from rubrics.scoring.items import Entry
from rubrics.scoring.rubric import Item, Levels
from tests import factories as make
from tests.rubrics.scoring.oracle import _naive_base as base_of
from tests.rubrics.scoring.oracle import _naive_bonus as bonus_of
from tests.rubrics.scoring.oracle import naive

MOST_COUNTED = 12
SUMS = ("base", "bonus", "applicable", "points", "band_rank", "scored", "required")
WORDS = ("", "", "台账齐全", "=1+1", "@部分", "-缺材料", "第一行\n第二行", "㐂𠮷")


@dataclass
class Scene:
    city: Organization
    admin: User
    kinds: list[CycleKind]


def scene(assessments: int, seed: int = 1) -> Scene:
    """So many assessments, spread over the fifteen rubrics in a cycle each, written straight into the tables."""
    chance = random.Random(seed)
    city = make.organization(None, "city", Level.CITY, name="某市总工会")
    admin = make.person((city, Role.ADMIN))
    county = make.organization(city, "county", Level.COUNTY, name="某县总工会")
    rubrics = list(Rubric.objects.select_related("document").order_by("code"))
    each = -(-assessments // len(rubrics))
    units = [make.organization(county, "township", name=f"第{number}工会") for number in range(each)]
    found = Scene(city, admin, [])
    for rubric in rubrics:
        wanted = min(each, assessments)
        assessments -= wanted
        found.kinds += _cycle(found, rubric, units[:wanted], chance)
    return found


def _cycle(made: Scene, rubric: Rubric, units: list[Organization], chance: random.Random) -> list[CycleKind]:
    now = timezone.now()
    Rubric.objects.filter(pk=rubric.pk, frozen_at=None).update(frozen_at=now)
    rubric = Rubric.objects.select_related("document").get(pk=rubric.pk)
    cycle = Cycle.objects.create(
        name=f"考核{rubric.code}",
        year=2026,
        owner=made.city,
        branch=made.city,
        document=rubric.document,
        opened_at=now,
        opened_by=made.admin,
        self_deadline=now,
        assess_deadline=now,
    )
    codes = sorted(rubric.audiences.values_list("kind", flat=True))[:2]
    policy = rubric.total_policy
    kinds = [
        CycleKind.objects.create(
            cycle=cycle, kind=OrganizationKind.objects.get(code=code), rubric=rubric, total_policy=policy
        )
        for code in codes
    ]
    stages = own_stages(rubric)
    assessments = Assessment.objects.bulk_create(
        Assessment(
            cycle=cycle,
            organization=unit,
            name=unit.name,
            sort_key=unit.sort_key,
            path=unit.path,
            kind=kinds[number % len(kinds)].kind,
            rubric=rubric,
            total_policy=policy,
            stages=max(stages, chance.choice((2, 3))),
            assessor_id=unit.parent_id,
            reviewer=made.city,
            state=State.FINAL,
        )
        for number, unit in enumerate(units)
    )
    _sheets(rubric, assessments, chance, made.admin)
    recount(cycle)
    return kinds


def _sheets(rubric: Rubric, assessments: list[Assessment], chance: random.Random, by: User) -> None:
    now = timezone.now()
    sheets = Sheet.objects.bulk_create(
        Sheet(assessment=one, stage=stage, closed_at=now) for one in assessments for stage in STAGE_ORDER[: one.stages]
    )
    marks, counts = [], []
    kernel = to_kernel(rubric)
    for sheet in sheets:
        if chance.random() < 0.03:
            continue  # nobody has marked anything
        for row in rows(rubric):
            item = kernel.by_key[row.key]
            entry = _entry(item, chance) if item.applies(sheet.assessment.kind.code) else Entry()
            remark = chance.choice(WORDS)
            if entry.blank and not entry.not_applicable and not remark:
                continue
            reason = "无此业务" if entry.not_applicable else ""
            said = {"not_applicable": entry.not_applicable, "reason": reason, "remark": remark}
            mark = Mark(sheet=sheet, item_id=row.pk, points=entry.points, saved_at=now, saved_by=by, **said)
            marks.append(mark)
            keys = {measure.key: measure.pk for measure in row.measures}
            counts += [Count(mark=mark, measure_id=keys[key], quantity=n) for key, n in entry.counts.items()]
    Mark.objects.bulk_create(marks, batch_size=2000)
    Count.objects.bulk_create(counts, batch_size=2000)
    _store(rubric, sheets)


def _store(rubric: Rubric, sheets: list[Sheet]) -> None:
    """As the services do it: the kernel's sums on each sheet, the last sheet's on the assessment."""
    marks = read_marks(rubric, sheets)
    for sheet in sheets:
        sheet.save = lambda **_said: None  # all of them are written at once below
        store_total(sheet, total_of(sheet.assessment, contents_of(marks[sheet.pk])), sheet.closed_at)
        one = sheet.assessment
        one.official_stage, one.points, one.band_rank = sheet.stage, sheet.points, sheet.band_rank
    Sheet.objects.bulk_update(sheets, SUMS, batch_size=100)
    Assessment.objects.bulk_update({sheet.assessment for sheet in sheets}, ("official_stage", "points", "band_rank"))


def _entry(item: Item, chance: random.Random) -> Entry:
    """Anything that a sheet may hold on the item; blank or not applicable now and then."""
    luck = chance.random()
    if luck < 0.06:
        return Entry()
    if luck < 0.14 and not item.gate:
        return Entry(not_applicable=True)
    counts: dict[str, Decimal] = {}
    if isinstance(item.base, Levels):
        counts[chance.choice(item.base.measures).key] = Decimal(1)
    else:
        counts = {m.key: _quantity(item, m.key, chance) for m in item.measures if chance.random() < 0.9}
    if item.points is None or item.measures or item.base is None:
        return Entry(counts=counts)
    return Entry(item.step * chance.randint(0, int(item.points / item.step)), counts)


def _quantity(item: Item, key: str, chance: random.Random) -> Decimal:
    maximum, step = item.accepts(key)
    most = MOST_COUNTED if maximum is None else int(maximum / step)
    return step * chance.randint(0, most)


# --- The same once more, by the oracle ---


@dataclass
class Told:
    """A sheet by its raw rows: fractions, None where nothing is known."""

    assessment: Any
    stage: str
    items: dict[str, Fraction | str | None]
    sections: dict[int, Fraction | None]
    total: Fraction | None


def told(kind: CycleKind) -> Iterator[Told]:
    """Every sheet of the kind, from what the tables of marks and counts hold and nothing else."""
    kernel, listed = to_kernel(kind.rubric, kind.total_policy), rows(kind.rubric)
    keys = {row.pk: row.key for row in listed}
    sheets = Sheet.objects.filter(assessment__cycle=kind.cycle, assessment__kind=kind.kind)
    counts: dict[int, dict[str, Decimal]] = {}
    for mark, key, number in Count.objects.filter(mark__sheet__in=sheets).values_list(
        "mark_id", "measure__key", "quantity"
    ):
        counts.setdefault(mark, {})[key] = number
    entries: dict[int, dict[str, Entry]] = {}
    raw = Mark.objects.filter(sheet__in=sheets).values_list("pk", "sheet_id", "item_id", "points", "not_applicable")
    for pk, sheet, item, points, aside in raw:
        entries.setdefault(sheet, {})[keys[item]] = Entry(points, counts.get(pk, {}), aside)
    for sheet in sheets.select_related("assessment").order_by("assessment__path", "assessment", "pk"):
        given = entries.get(sheet.pk, {})
        items = {row.key: _item(kernel.by_key[row.key], given.get(row.key, Entry()), kind.kind.code) for row in listed}
        sections: dict[int, Fraction | None] = {}
        for row in listed:
            known = sections.get(row.section)
            worth = items[row.key]
            if isinstance(worth, Fraction) and row.points:
                base = max(Fraction(0), base_of(kernel.by_key[row.key], given[row.key]))
                known = (known or Fraction(0)) + base
            sections[row.section] = known
        says = any(not entry.blank or entry.not_applicable for entry in given.values())
        total = naive(kernel, given, kind.kind.code) if says else None
        says_points = any(isinstance(one, Fraction) for one in items.values())
        aside = any(entry.not_applicable for entry in given.values())
        yield Told(sheet.assessment, sheet.stage, items, sections, total if says_points or aside else None)


def _item(item: Item, entry: Entry, kind: str) -> Fraction | str | None:
    """The item's points; "-" out of scope, "n" not applicable."""
    if not item.applies(kind):
        return "-"
    if entry.not_applicable:
        return "n"
    wanted = {m.key for m in item.base.measures} if item.base else set()
    bonus = {m.key for m in item.bonus.measures} if item.bonus else set()
    based = entry.points is not None or bool(wanted & entry.counts.keys())
    if item.base is None or item.points is None:
        based = False
    if not based and not bonus & entry.counts.keys():
        return None
    return base_of(item, entry) + bonus_of(item, entry)
