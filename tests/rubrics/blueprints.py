"""Blueprints of every shape that a draft can be stored in, for property tests.

Strategies are made once: Hypothesis looks each new one through before it draws from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from rubrics.blueprint import (
    AudiencePlan,
    BandPlan,
    Blueprint,
    CapPlan,
    ColumnPlan,
    GroupPlan,
    ItemPlan,
    MeasurePlan,
    SectionPlan,
    TierPlan,
)
from rubrics.models import (
    CLAIMABLE,
    BaseRule,
    BonusRule,
    ColumnSource,
    Electorate,
    Gate,
    MeasureRole,
    NotApplicablePolicy,
    TotalPolicy,
)

OFFICES = ("办公室", "组织部", "宣传部", "生产保护部")
KINDS = ("street", "township", "system")
CAPS = ("奖励", "处罚")
SOURCES = tuple(ColumnSource.values)
WORDINGS = (
    "依法建会，入会率达到90%。",
    "按时参加会议，缺席一次扣0.5分。",
    "服务职工。",
    "好",
    "=1+1",
    "经验被推广。\n另起一行",
)

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n")
MARKS = st.sampled_from(
    ("=SUM(A1:A9)", "+1", "-", "@", "'", '"', "；", "、", "|", "\\", "：", "\n", " ", "　", "5", "１２")
)


@cache
def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Any words, and those that a workbook could take for something else."""
    plain = st.text(LETTERS, min_size=least, max_size=most)
    marked = (
        st.lists(MARKS | st.text(LETTERS, max_size=2), max_size=3)
        .map("".join)
        .filter(lambda text: least <= len(text) <= most)
    )
    return plain | marked


@cache
def numbers(least: str = "0", most: str = "9999.99") -> st.SearchStrategy[Decimal]:
    low, high = Decimal(least), Decimal(most)
    common = [Decimal(text) for text in ("0", "0.5", "1", "5", "10") if low <= Decimal(text) <= high]
    return st.sampled_from(common) | st.decimals(low, high, places=2) if common else st.decimals(low, high, places=2)


@cache
def perhaps(least: str = "0", most: str = "9999.99") -> st.SearchStrategy[Decimal | None]:
    return st.none() | numbers(least, most)


@cache
def some(options: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(options), unique=True).map(tuple)


@st.composite
def measures(draw: st.DrawFn, key: str) -> MeasurePlan:
    bounds = draw(st.lists(numbers(), unique=True, max_size=3))
    tiers = tuple(TierPlan(bound, draw(numbers())) for bound in sorted(bounds, reverse=True))
    return MeasurePlan(
        key=key,
        role=draw(st.sampled_from(MeasureRole.values)),
        label=draw(texts(12)),
        unit=draw(texts(4)),
        amount=draw(numbers()),
        per=draw(numbers("0.01")),
        above=draw(numbers()),
        step=draw(numbers("0.01")),
        office=draw(st.sampled_from(("", *OFFICES))),
        tiers=tiers,
    )


@st.composite
def items(draw: st.DrawFn, key: str) -> ItemPlan:
    rule = draw(st.sampled_from(BaseRule.values))
    gate = draw(st.sampled_from(Gate.values)) if rule == BaseRule.NONE else ""
    bonus_rule = BonusRule.NONE if gate else draw(st.sampled_from(BonusRule.values))
    counted = tuple(draw(measures(f"m{number}")) for number in range(draw(st.integers(0, 2))))
    return ItemPlan(
        key=key,
        text=draw(st.sampled_from(WORDINGS) | texts(40, 1)),
        points=None if rule == BaseRule.NONE else draw(numbers("0.01")),
        number=draw(texts(8)),
        printed_points=draw(texts(8)),
        basis=draw(texts(12)),
        subject=draw(texts(12)),
        threshold=draw(texts(12)),
        note=draw(texts(12)),
        rule=rule,
        bonus_rule=bonus_rule,
        bonus_cap=draw(perhaps()),
        claimed=bonus_rule in CLAIMABLE and not any(1 % one.step for one in counted) and draw(st.booleans()),
        floor=draw(perhaps("-99", "0")),
        needed=draw(st.none() | st.integers(0, 99)),
        gate=gate,
        cap=draw(st.sampled_from(("", *CAPS))),
        electorate=draw(st.sampled_from(Electorate.values)),
        kinds=frozenset(draw(some(KINDS))),
        offices=draw(some(OFFICES)),
        measures=counted,
    )


@st.composite
def sections(draw: st.DrawFn, number: int, *, inherited: bool) -> SectionPlan:
    groups: list[GroupPlan] = []
    row = 0
    for _group in range(draw(st.integers(1, 3))):
        rows = tuple(draw(items(f"{number}-{row + one}")) for one in range(draw(st.integers(1, 2))))
        row += len(rows)
        points = draw(perhaps())
        if points is None and groups and groups[-1].points is None:
            groups[-1] = GroupPlan(groups[-1].items + rows)
        else:
            groups.append(GroupPlan(rows, points, "" if points is None else draw(texts(8))))
    return SectionPlan(draw(texts(8, 1)), draw(texts(8)), tuple(groups), draw(perhaps()), draw(texts(4)), inherited)


@st.composite
def blueprints(draw: st.DrawFn) -> Blueprint:
    ranks = sorted(draw(st.lists(st.integers(0, 9), unique=True, max_size=3)), reverse=True)
    lowers = sorted(draw(st.lists(numbers(), unique=True, min_size=len(ranks), max_size=len(ranks))), reverse=True)
    quotas = st.none() | st.decimals(Decimal("0.0001"), Decimal(1), places=4)
    carried = draw(st.integers(0, 1))
    return Blueprint(
        title=draw(texts(20, 1)),
        sections=tuple(
            draw(sections(number, inherited=number <= carried)) for number in range(1, draw(st.integers(1, 3)) + 1)
        ),
        columns=tuple(
            ColumnPlan(source, draw(texts(8)), draw(st.integers(1, 300)), draw(st.booleans()))
            for source in draw(some(SOURCES))
        ),
        annex=draw(texts(8)),
        subtitle=draw(texts(8)),
        footnote=draw(texts(30)),
        declared_total=draw(perhaps()),
        total_label=draw(texts(8)),
        printed_total=draw(texts(8)),
        total_policy=draw(st.sampled_from(TotalPolicy.values)),
        not_applicable_policy=draw(st.sampled_from(NotApplicablePolicy.values)),
        step=draw(numbers("0.01")),
        total_floor=draw(numbers("-999")),
        qualified_rank=draw(st.none() | st.integers(0, 9)),
        overlay_points=draw(perhaps()),
        audiences=tuple(AudiencePlan(kind, draw(texts(8))) for kind in draw(st.permutations(KINDS))),
        offices=tuple(draw(st.permutations(OFFICES))),
        bands=tuple(
            BandPlan(rank, draw(texts(8)), lower, draw(quotas)) for rank, lower in zip(ranks, lowers, strict=True)
        ),
        caps=tuple(CapPlan(name, draw(perhaps()), draw(perhaps("-99", "0"))) for name in CAPS),
    )


@st.composite
def edited(draw: st.DrawFn, blueprint: Blueprint) -> Blueprint:
    """The blueprint after a few of the changes that people make."""
    for _change in range(draw(st.integers(0, 3))):
        blueprint = draw(st.sampled_from(CHANGES))(draw, blueprint)
    return blueprint


def _reword(draw: Any, blueprint: Blueprint) -> Blueprint:
    return _one_item(draw, blueprint, lambda item: replace(item, text=item.text + draw(texts(6))))


def _renumber(draw: Any, blueprint: Blueprint) -> Blueprint:
    return _one_item(draw, blueprint, lambda item: replace(item, key=f"n{item.key}", number=draw(texts(4))))


def _revalue(draw: Any, blueprint: Blueprint) -> Blueprint:
    return _one_item(draw, blueprint, lambda item: replace(item, points=draw(numbers("0.01")), rule="judged", gate=""))


def _one_item(draw: Any, blueprint: Blueprint, change: Any) -> Blueprint:
    chosen = draw(st.sampled_from([item.key for item in blueprint.items]))
    return replace(
        blueprint,
        sections=tuple(
            replace(
                section,
                groups=tuple(
                    replace(group, items=tuple(change(item) if item.key == chosen else item for item in group.items))
                    for group in section.groups
                ),
            )
            for section in blueprint.sections
        ),
    )


def _shuffle(draw: Any, blueprint: Blueprint) -> Blueprint:
    return replace(blueprint, sections=tuple(draw(st.permutations(blueprint.sections))))


def _drop(draw: Any, blueprint: Blueprint) -> Blueprint:
    kept = draw(st.integers(1, len(blueprint.sections)))
    return replace(blueprint, sections=blueprint.sections[:kept])


def _retitle(draw: Any, blueprint: Blueprint) -> Blueprint:
    return replace(blueprint, title=draw(texts(20, 1)), offices=tuple(draw(st.permutations(blueprint.offices))))


CHANGES = (_reword, _renumber, _revalue, _shuffle, _drop, _retitle)
