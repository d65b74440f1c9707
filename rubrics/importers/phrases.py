"""Phrases that read like a rule (每缺席一次扣0.5分; 达70%得3分，60%得2分; 分别加2分、3分、5分): only proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rubrics.blueprint import ItemPlan, MeasurePlan, TierPlan
from rubrics.importers.text import digits, wording

N = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
COUNT = r"[0-9]{1,6}(?:\.[0-9]+)?|[一二两三四五六七八九十百千]"
UNITS = (
    "个百分点|百分点|次|个|人次|人|项|篇|家|天|例|起|处|份|条|件|场次|场|期|名|户|元|万元|种|类|级|日|%|小时|月|季度|年"
    "|所|支|位|本|届"
)
CLAUSE = r"[^，,。；;！？\n]"
PER_UNIT = re.compile(
    rf"(?P<lead>(?:{CLAUSE}{{0,20}}?)?)每(?P<what>(?:增加|[^，,。；;\n每扣加得]){{0,16}}?)(?P<per>{COUNT})?\s*(?P<unit>{UNITS})"
    rf"(?P<rest>[^。；;\n每扣加]{{0,40}}?)(?P<sign>扣减?|倒扣|减|加|增加|奖励?|计)(?P<amount>{N})分"
)
SINGLE = re.compile(
    rf"(?P<what>[^，,。；;\n每扣0-9一]{{0,14}}?)(?P<per>[0-9]+|一)(?P<unit>{UNITS})"
    rf"(?P<rest>[^，,。；;\n扣0-9]{{0,14}}?[，,]?)(?P<sign>扣)(?P<amount>{N})分"
)
TAKEN = re.compile(rf"(?:扣减?|倒扣|减){N}分")
PARTS = re.compile(rf"得(?P<amount>{N})分")
TIER = re.compile(
    rf"(?:达到?|完成|在|为|超过|不低于|≥|>=|[，,；;、。]|^)?(?P<bound>{N})(?P<unit>%|{UNITS})(?:及?以上|以下|的|者|（?含）?)*"
    rf"[^0-9，,；;。]{{0,6}}?(?:得|计|记|给|为|，得|[:：])(?P<points>{N})分"
)
LEVEL = re.compile(
    rf"(?P<name>[A-D](?:级|等|档)?|优秀?|良好?|中等?|一般|较好|较差|合格|不合格|差|好)(?:的|者|[（(][^）)]{{1,12}}[）)])?"
    rf"(?:得|计|为|[:：])?(?P<points>{N})分"
)
RESPECTIVELY = re.compile(rf"分别(?:加|奖励?|计)(?P<points>{N}分?(?:[、，,和]{N}分?)+)")
RANGED = re.compile(
    rf"被?(?P<names>[^，,。；;、]{{1,8}}(?:[、和][^，,。；;、]{{1,8}}?)+)(?P<verb>推广|表彰|交流|采用|认定)的?加(?P<low>{N})-(?P<high>{N})分"
)
NAMED = re.compile(
    rf"(?P<name>国家级|全国|省部级|省级|全省|市级|全市|地市级|县区?级|区级|全县|全区|乡镇级)[^，,。；;0-9]{{0,12}}?加(?P<points>{N})分"
)
CAP = re.compile(
    rf"(?:最高|最多|累计|合计|总计|上限)[^，,。；;0-9]{{0,8}}?(?P<cap>{N})分|不(?:超过|得超过)(?P<cap2>{N})分|(?P<cap3>{N})分封顶"
)
HIGHEST = re.compile(r"[取按计就记]最?高(?:级别|分|项|档|奖项)?|不(?:重复|累计)(?:计分|加分|计算)")
FRACTION = re.compile(
    r"(?:完成率|达标率|比例)\s*[×xX*]\s*(?:分值|标准分)|按(?:完成|实际)?(?:比例|百分比|完成率)(?:计|得|折算|赋)分?"
)
NUMERALS = dict(zip("一二两三四五六七八九十百千", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000), strict=True))
HALF = Decimal("0.5")
SEARCHED = 1500  # signs; in a longer text half a rule might be found, and a hostile one must not take minutes
ENDS = "，,；;。、的 "


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a phrase would make of its row. `changes` are fields of ItemPlan; measures are those of `role` only."""

    phrase: str
    role: str
    measures: tuple[MeasurePlan, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        return str(self.changes.get("rule") if self.role == "base" else self.changes.get("bonus_rule"))


def proposals(item: ItemPlan, *, bonus: bool, penalty: bool = False) -> tuple[Proposal, ...]:
    """The rules that an item's wording and evidence basis speak of: at most one for its points and one on top.

    bonus, penalty  the row has no base points of its own and adds or takes
    """
    text = digits(f"{item.text}\n{item.basis}")
    if len(text) > SEARCHED:
        return ()
    if penalty:
        return _first(_taken(text))
    extra = _first(_highest(text), _added(text))
    if bonus:
        return extra
    return (
        *_first(_deducted(text), _parted(item), _tiered(item, text), _levelled(item, text), _shared(item, text)),
        *extra,
    )


def judged_bonus(limit: Decimal | None, step: Decimal = HALF) -> Proposal:
    """A bonus that a person gives in steps of points, for rows whose wording says no more."""
    one = MeasurePlan("points", "bonus", "加分", "分", amount=step, per=step, step=step)
    return Proposal("", "bonus", (one,), {"bonus_rule": "add_per_unit", "bonus_cap": limit})


def judged_penalty(limit: Decimal | None, step: Decimal = HALF) -> Proposal:
    one = MeasurePlan("points", "bonus", "扣分", "分", amount=step, per=step, step=step)
    return Proposal("", "bonus", (one,), {"bonus_rule": "take_per_unit", "floor": -limit if limit else None})


def _first(*found: Iterator[Proposal]) -> tuple[Proposal, ...]:
    return tuple(one for one in (next(proposal, None) for proposal in found) if one is not None)[:1]


# --- Counted units ---------------------------------------------------------------------------------------------------


def _deductions(text: str) -> list[re.Match[str]]:
    """Every deduction for a unit, or none where one of the deductions is not for a unit: half a rule is none."""
    found = [one for one in PER_UNIT.finditer(text) if one["sign"][0] in "扣倒减"]
    taken = [one.span() for one in found]
    found += [one for one in SINGLE.finditer(text) if all(one.end() <= a or one.start() >= b for a, b in taken)]
    return sorted(found, key=re.Match.start) if len(found) == len(TAKEN.findall(text)) else []


def _measure(at: int, match: re.Match[str], text: str, role: str) -> MeasurePlan:
    per, unit = _count(match["per"]), match["unit"]
    if unit in {"百分点", "个百分点"}:
        unit = "%"
    label = _label(match, text)
    before = re.findall(rf"({N}){re.escape(unit)}", text[: match.start("what")]) if per != 1 and unit != "%" else []
    above = Decimal(before[-1]) if before else Decimal(0)
    step = Decimal("0.01") if unit == "%" else Decimal(1)
    return MeasurePlan(f"m{at}", role, label, unit[:10], Decimal(match["amount"]), per, above, step)


def _label(match: re.Match[str], text: str) -> str:
    lead = match["lead"] if "lead" in match.groupdict() else ""
    said = wording(f"{lead}{match['what']}{match['rest']}").strip(ENDS)
    return (said or _clause_before(text, match.start()))[:60]


def _clause_before(text: str, place: int) -> str:
    """What a bare '每次加2分' is about: the words right before it, else the wording itself."""
    before = re.split(r"[。；;\n]", text[:place])[-1].strip(ENDS)
    return wording(before) or wording(text.partition("\n")[0]).strip(ENDS)


def _count(text: str | None) -> Decimal:
    if not text:
        return Decimal(1)
    return Decimal(NUMERALS[text]) if text in NUMERALS else Decimal(text) or Decimal(1)


def _phrase(matches: Sequence[re.Match[str]], text: str) -> str:
    return wording(text[matches[0].start() : matches[-1].end()].strip("，,；;。 \n"))[:120]


def _deducted(text: str) -> Iterator[Proposal]:
    found = _deductions(text)
    if found:
        measures = tuple(_measure(at, one, text, "base") for at, one in enumerate(found, start=1))
        yield Proposal(_phrase(found, text), "base", measures, {"rule": "deduct_per_unit"})


def _taken(text: str) -> Iterator[Proposal]:
    found = _deductions(text)
    if found:
        measures = tuple(_measure(at, one, text, "bonus") for at, one in enumerate(found, start=1))
        limit = _cap(text)
        yield Proposal(
            _phrase(found, text), "bonus", measures, {"bonus_rule": "take_per_unit", "floor": -limit if limit else None}
        )


def _added(text: str) -> Iterator[Proposal]:
    found = [one for one in PER_UNIT.finditer(text) if one["sign"][0] in "加增奖"]
    ranged = list(_ranges(text, len(found) + 1))
    named = [] if found or ranged else list(NAMED.finditer(text))
    measures = (
        *(_measure(at, one, text, "bonus") for at, one in enumerate(found, start=1)),
        *(measure for _match, measure in ranged),
        *(
            MeasurePlan(f"m{at}", "bonus", one["name"], "项", Decimal(one["points"]))
            for at, one in enumerate(named, start=1)
        ),
    )
    matches = [*found, *(match for match, _measure in ranged), *named]
    if measures:
        changes = {"bonus_rule": "add_per_unit", "bonus_cap": _cap(text)}
        yield Proposal(_phrase(matches, text), "bonus", measures, changes)


def _ranges(text: str, first: int) -> Iterator[tuple[re.Match[str], MeasurePlan]]:
    """'被市总、省总、全总推广的加1-3分': one level a point, where there are as many names as points."""
    for match in RANGED.finditer(text):
        names = re.split(r"[、和]", match["names"])
        low, high = Decimal(match["low"]), Decimal(match["high"])
        if high - low == len(names) - 1:
            for at, name in enumerate(names):
                label = f"{name.removeprefix('被')}{match['verb']}"[-60:]
                yield match, MeasurePlan(f"m{first + at}", "bonus", label, "项", low + at)


def _highest(text: str) -> Iterator[Proposal]:
    """'在沈阳市、辽宁省、全国交流分别加2分、3分、5分。…取最高': the names stand before, as many as the numbers."""
    if not HIGHEST.search(text):
        return
    match = RESPECTIVELY.search(text)
    if match:
        amounts = [Decimal(one) for one in re.findall(N, match["points"])]
        listed = re.search(rf"({CLAUSE}{{0,60}})[，,]?$", text[: match.start()])
        names = re.split(r"[、和]", listed[1] if listed else "")[-len(amounts) :]
        names = [*names, *(f"{amount:f}分" for amount in amounts[len(names) :])]
        pairs = [(name.split("在")[-1], amount) for name, amount in zip(names, amounts, strict=True)]
        matches = [match]
    else:
        matches = list(NAMED.finditer(text))
        pairs = [(one["name"], Decimal(one["points"])) for one in matches]
    if len(pairs) > 1:
        measures = tuple(
            MeasurePlan(f"m{at}", "bonus", name[:60] or f"{at}", "项", amount)
            for at, (name, amount) in enumerate(pairs, start=1)
        )
        cap = _cap(text) or max(amount for _name, amount in pairs)
        yield Proposal(_phrase(matches, text), "bonus", measures, {"bonus_rule": "highest_level", "bonus_cap": cap})


def _cap(text: str) -> Decimal | None:
    found = CAP.search(text)
    return Decimal(found["cap"] or found["cap2"] or found["cap3"]) if found else None


# --- Base points in steps --------------------------------------------------------------------------------------------


def _tiered(item: ItemPlan, text: str) -> Iterator[Proposal]:
    """'达70%得3分，60%得2分': one scale of one unit, its best step worth the row."""
    found = list(TIER.finditer(text))
    steps = [TierPlan(Decimal(one["bound"]), Decimal(one["points"])) for one in found]
    units = {one["unit"] for one in found}
    if len(steps) < 2 or len(units) != 1 or max(step.points for step in steps) != item.points:
        return
    ordered = sorted(steps, key=lambda step: step.bound, reverse=True)
    falling = [step.points for step in ordered]
    if len(set(falling)) != len(falling) or len({step.bound for step in steps}) != len(steps):
        return
    unit = units.pop()
    step = Decimal("0.01") if unit == "%" else Decimal(1)
    for rule, worth in (("tiers", sorted(falling, reverse=True)), ("tiers_down", sorted(falling))):
        if falling == worth:
            label = _clause_before(text, found[0].start())[-60:]
            measure = MeasurePlan("m1", "base", label, unit, step=step, tiers=tuple(ordered))
            yield Proposal(_phrase(found, text), "base", (measure,), {"rule": rule})


def _parted(item: ItemPlan) -> Iterator[Proposal]:
    """'…达到85%得8分；…得4分': what the clauses earn adds up to the row."""
    found = list(PARTS.finditer(digits(item.text)))
    inside = digits(item.text)
    if len(found) < 2 or sum((Decimal(one["amount"]) for one in found), Decimal(0)) != item.points:
        return
    starts = [0, *(one.end() for one in found[:-1])]
    measures = tuple(
        MeasurePlan(
            f"m{at}", "base", wording(inside[start : one.start()]).strip("，,；;。 ")[:60] or f"{at}", "分",
            Decimal(one["amount"]), step=HALF,
        )
        for at, (start, one) in enumerate(zip(starts, found, strict=True), start=1)
    )  # fmt: skip
    yield Proposal(wording(inside)[:120], "base", measures, {"rule": "sum_of_parts"})


def _levelled(item: ItemPlan, text: str) -> Iterator[Proposal]:
    """'A级5分、B级4分、C级3分、D级0分': the best level is worth the row."""
    found = list(LEVEL.finditer(text))
    points = [Decimal(one["points"]) for one in found]
    names = [one["name"] for one in found]
    if len(found) < 3 or max(points) != item.points or len(set(names)) != len(names):
        return
    measures = tuple(
        MeasurePlan(f"m{at}", "base", name, "级", amount)
        for at, (name, amount) in enumerate(zip(names, points, strict=True), start=1)
    )
    yield Proposal(_phrase(found, text), "base", measures, {"rule": "levels"})


def _shared(item: ItemPlan, text: str) -> Iterator[Proposal]:
    """'完成率×分值': the share of a whole of 100 %."""
    found = FRACTION.search(text)
    if found and item.points:
        measure = MeasurePlan("m1", "base", "完成率", "%", per=Decimal(100), step=Decimal("0.01"))
        yield Proposal(found.group(), "base", (measure,), {"rule": "rate"})
