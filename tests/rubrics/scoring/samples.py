"""Small rubrics that use every rule, and Hypothesis strategies for valid sheets of them."""

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from rubrics.scoring.items import Entry
from rubrics.scoring.rubric import (
    AddPerUnit,
    DeductPerUnit,
    Group,
    HighestLevel,
    Item,
    Judged,
    Measure,
    NotApplicablePolicy,
    Rubric,
    Section,
    SumOfParts,
    TotalPolicy,
)

D = Decimal
KINDS = ("county", "industrial")
# few examples, so that the kernel answers within a second; HYPOTHESIS_PROFILE=explore looks further
quick = settings(max_examples=15) if settings.default.max_examples <= 100 else settings()


def measure(key: str, amount: str, per: str = "1", above: str = "0", step: str = "1") -> Measure:
    return Measure(key, key, D(amount), per=D(per), above=D(above), step=D(step))


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

SECTIONS = (
    Section("one", "one", (Group("1", (ABSENCES, LATENESS), D(5)), Group("2", (HALVES,), D(12)))),
    Section("two", "two", (Group("", (GROWTH, FUND, COUNTY_ONLY)),)),
    Section("three", "three", (Group("1", (PLAIN, FINE), D("5.5")), Group("2", (LEVELS, CONTRACTS)))),
)
VARIANTS = tuple(
    Rubric("sample", SECTIONS, declared=D(declared), total_policy=total_policy, not_applicable=policy)
    for declared, total_policy in (("100", TotalPolicy.SCALED), ("40", TotalPolicy.AS_PRINTED))
    for policy in NotApplicablePolicy
)


def multiples(step: Decimal, maximum: Decimal) -> st.SearchStrategy[Decimal]:
    return st.integers(0, int(maximum / step)).map(lambda n: n * step)


def entries_of(item: Item) -> st.SearchStrategy[Entry]:
    """Any valid entry: blank, claimed, or with some of what the row asks."""
    parts = item.base.measures if isinstance(item.base, SumOfParts) else ()
    ranges = {
        m.key: multiples(m.step, m.amount) if m in parts else multiples(max(m.step, m.per / 2), m.above + 15 * m.per)
        for m in item.measures
    }
    points: st.SearchStrategy[Decimal | None] = st.none()
    if item.points is not None and isinstance(item.base, Judged):
        points = st.none() | multiples(item.step, item.points)
    return st.builds(Entry, points, st.fixed_dictionaries({}, optional=ranges)) | st.just(Entry(not_applicable=True))


ENTRIES = {
    kind: st.fixed_dictionaries({item.key: entries_of(item) for item in VARIANTS[0].items if item.applies(kind)})
    for kind in KINDS
}
SHEETS = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), ENTRIES[kind]))
"""A kind of organisation and a valid sheet of it, to be scored under each of VARIANTS."""
