"""Small rubrics that use every rule, and Hypothesis strategies for valid sheets of them."""

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from rubrics.scoring.items import Entry
from rubrics.scoring.rubric import (
    AddPerUnit,
    Cap,
    DeductPerUnit,
    Gate,
    Group,
    HighestLevel,
    Item,
    Judged,
    Levels,
    Measure,
    NOfM,
    NotApplicablePolicy,
    Rate,
    Rubric,
    Section,
    SeveralScorers,
    SumOfParts,
    TakePerUnit,
    Tier,
    Tiers,
    TotalPolicy,
)

D = Decimal
KINDS = ("county", "industrial")
# few examples, so that the kernel answers within a second; HYPOTHESIS_PROFILE=explore looks further
quick = settings(max_examples=15) if settings.default.max_examples <= 100 else settings()


def measure(key: str, amount: str, per: str = "1", above: str = "0", step: str = "1") -> Measure:
    return Measure(key, key, D(amount), per=D(per), above=D(above), step=D(step))


def scale(key: str, *steps: tuple[str, str], step: str = "1") -> Measure:
    return Measure(key, key, tiers=tuple(Tier(D(bound), D(points)) for bound, points in steps), step=D(step))


def rubric_of(*items: Item, **options: Any) -> Rubric:
    return Rubric("sample", (Section("one", "one", (Group("", items),)),), **options)


ABSENCES = Item("absences", D(2), DeductPerUnit((measure("absence", "0.5"),)))
LATENESS = Item("lateness", D(3), DeductPerUnit((measure("late", "0.2"), measure("early", "0.3"))))
HALVES = Item("halves", D(12), SumOfParts((measure("rate", "8", step="0.5"), measure("team", "4", step="0.5"))))
GROWTH = Item("growth", D(8), bonus=AddPerUnit((measure("over", "0.2", step="0.1"),)), applies_to=frozenset(KINDS))
FUND = Item("fund", D(7), bonus=AddPerUnit((measure("yuan", "0.2", per="1000", above="4000"),), cap=D(2)))
LEVELS = Item(
    "levels",
    None,
    None,
    HighestLevel((measure("city", "2"), measure("province", "3"), measure("nation", "5")), cap=D(5)),
)
CONTRACTS = Item("contracts", None, None, AddPerUnit((measure("high", "3"), measure("low", "0.5"))))
COUNTY_ONLY = Item("county_only", D(5), applies_to=frozenset({"county"}))
PLAIN = Item("plain", D("2.5"), Judged())
FINE = Item("fine", D(3), Judged(), step=D("0.1"))

BUILT = Item("built", D(3), Tiers((scale("rate", ("70", "3"), ("50", "1"), ("60", "2"), step="0.1"),)))
LETTERS = Item("letters", D(6), Tiers((scale("letter", ("0", "6"), ("2", "3")),), falling=True))
TRAINED = Item("trained", D(10), Rate((measure("share", "0", per="80", step="0.1"),)))
FOUR = Item("four", D(8), NOfM(tuple(measure(key, "0") for key in ("who", "rule", "room", "money")), needed=3))
MARKED = Item("marked", D(9), Levels(tuple(measure(key, amount) for key, amount in zip("abcd", "9850", strict=True))))
PANEL = Item("panel", D(5), SeveralScorers((measure("lead", "3"), measure("staff", "2"), measure("law", "2"))))
BELOW = Item("below", D(4), DeductPerUnit((measure("absent", "0.5"),), floor=D(-2)))
PAPERS = Item("papers", None, None, AddPerUnit((measure("paper", "1"),)), cap="reward")
LATE = Item("late", None, None, TakePerUnit((measure("delay", "0.5"),)), cap="reward")
BLAMED = Item("blamed", D(2), bonus=TakePerUnit((measure("blame", "2", above="1"),), floor=D(-5)))
LICENCE = Item("licence", None, None, gate=Gate.REQUIRED)
ACCIDENT = Item("accident", None, None, gate=Gate.VETO)
LAST = Item("last", None, None, gate=Gate.VETO_TOP, applies_to=frozenset({"county"}))
REWARD = Cap("reward", most=D(3), least=D(-2))

BEYOND = (BUILT, LETTERS, TRAINED, FOUR, MARKED, PANEL, BELOW, PAPERS, LATE, BLAMED)
GATES = (LICENCE, ACCIDENT, LAST)

SECTIONS = (
    Section("one", "one", (Group("1", (ABSENCES, LATENESS), D(5)), Group("2", (HALVES,), D(12)))),
    Section("two", "two", (Group("", (GROWTH, FUND, COUNTY_ONLY)),)),
    Section("three", "three", (Group("1", (PLAIN, FINE), D("5.5")), Group("2", (LEVELS, CONTRACTS)))),
    Section("four", "four", (Group("", BEYOND[:4]), Group("1", BEYOND[4:6], D(14)), Group("", BEYOND[6:]))),
    Section("five", "five", (Group("", GATES),)),
)
VARIANTS = tuple(
    Rubric("sample", SECTIONS, D(declared), total_policy, policy, (REWARD,), D(floor))
    for declared, total_policy, floor in (("1000", TotalPolicy.SCALED, "-5"), ("40", TotalPolicy.AS_PRINTED, "0"))
    for policy in NotApplicablePolicy
)


def multiples(step: Decimal, maximum: Decimal) -> st.SearchStrategy[Decimal]:
    return st.integers(0, int(maximum / step)).map(lambda n: n * step)


def entries_of(item: Item) -> st.SearchStrategy[Entry]:
    """Any valid entry: blank, claimed where it can be, or with some of what the row asks."""
    points: st.SearchStrategy[Decimal | None] = st.none()
    if item.points is not None and isinstance(item.base, Judged):
        points = st.none() | multiples(item.step, item.points)
    given = st.builds(Entry, points, counts_of(item))
    return given if item.gate else given | st.just(Entry(not_applicable=True))


def counts_of(item: Item) -> st.SearchStrategy[dict[str, Decimal]]:
    if isinstance(item.base, Levels):
        level = st.sampled_from([m.key for m in item.measures])
        return st.just({}) | level.map(lambda key: {key: D(1)})
    return st.fixed_dictionaries({}, optional={m.key: _quantities(item, m) for m in item.measures})


def _quantities(item: Item, measure: Measure) -> st.SearchStrategy[Decimal]:
    maximum, step = item.accepts(measure.key)
    if maximum is not None:
        return multiples(step, maximum)
    bounds = [tier.bound for tier in measure.tiers]
    if bounds:
        return st.sampled_from(bounds) | multiples(step, 2 * max(bounds))
    return multiples(max(step, measure.per / 2), measure.above + 15 * measure.per)


ENTRIES = {
    kind: st.fixed_dictionaries({item.key: entries_of(item) for item in VARIANTS[0].items if item.applies(kind)})
    for kind in KINDS
}
SHEETS = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), ENTRIES[kind]))
"""A kind of organisation and a valid sheet of it, to be scored under each of VARIANTS."""
