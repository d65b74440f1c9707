"""The five source documents, rebuilt as Word and Excel tables, come out as the fixtures have them."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from documents import CODES, DOCUMENTS, as_docx, as_xlsx, fixture, logical

from rubrics.blueprint import Blueprint, ItemPlan, read
from rubrics.importers.docx import read_docx
from rubrics.importers.doubts import Code, Option, apply
from rubrics.importers.read import Found, read_tables
from rubrics.importers.xlsx import read_xlsx
from rubrics.models import Rubric

pytestmark = [pytest.mark.any_database]

WAYS = {
    "docx": cache(lambda name: read_docx(as_docx(DOCUMENTS[name]()))),
    "xlsx": cache(lambda name: read_xlsx(as_xlsx(logical(DOCUMENTS[name]())))),
}

# What is settled to reach the fixture. A person who takes the first proposal of each doubt does just this.
SETTLED = {
    Code.RULE: Option.USE_RULE,
    Code.BALLOT: Option.USE_BALLOT,
    Code.LABEL_DISPLACED: Option.MOVE_LABELS,
    Code.TOTAL_SUM: Option.AS_PRINTED,
    Code.SHIFTED: Option.ACCEPT,
}

DOUBTS = {
    "sy": {"ballot": 2, "rule": 1},
    "c1": {"rule": 1},
    "c2": {"rule": 1},
    "c3": {"rule": 1},
    "c4": {},
    "d": {"rule": 5},
    "g1": {"shifted": 6},  # domain.md I9
    "g2": {"total_sum": 1},  # I1
    "g3": {"total_sum": 1},
    "g4": {"total_sum": 1},
    "g5": {"total_sum": 1, "shifted": 1},  # I1, I10
    "g6": {},
    "j1": {"ballot": 1},
    "j2": {"ballot": 2},
    "j3": {"label_displaced": 1, "ballot": 1},  # I11
}

NO_QUANTITY = {  # thresholds of ours that name no number in digits, or join clauses that stand apart
    ("d", "20"), ("d", "24"), ("g2", "1"), ("j2", "8-1"), ("j2", "11-3"), ("j3", "8-1"), ("j3", "11-3"), ("j3", "13-1"),
}  # fmt: skip


def comparable(blueprint: Blueprint) -> Blueprint:
    """Without what a table does not carry. This is the one list of exceptions:

    audiences        which kinds of ours a document's words mean is said by an administrator; which rows apply to which
                     of them is compared
    bands, qualified_rank  chosen from the plan's text, not from the table
    column widths    millimetres on our card
    notes            our own remarks
    thresholds       our choice of a part of the wording (a test of its own asks for the quantity in it)
    claimed          that an addition is claimed one by one is our choice, no wording says it
    measure keys and labels  our names for what a phrase counts; amounts, units, steps are compared
    source_ref       where it stood in the file
    """
    return replace(
        blueprint,
        audiences=(),
        bands=(),
        qualified_rank=None,
        columns=tuple(replace(column, width=0) for column in blueprint.columns),
        sections=tuple(
            replace(
                section,
                groups=tuple(replace(group, items=tuple(map(bare, group.items))) for group in section.groups),
            )
            for section in blueprint.sections
        ),
    )


def bare(item: ItemPlan) -> ItemPlan:
    measures = tuple(replace(one, key="", label="") for one in item.measures)
    return replace(item, note="", threshold="", claimed=False, source_ref="", measures=measures)


def found_in(name: str, way: str) -> list[tuple[str, Found]]:
    return list(zip(CODES[name], read_tables(WAYS[way](name)), strict=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_comes_out_as_its_fixtures(name, way):
    for code, one in found_in(name, way):
        blueprint = one.blueprint
        for doubt in one.doubts:
            assert doubt.options[0] == SETTLED[doubt.code]
            blueprint = apply(blueprint, doubt, SETTLED[doubt.code])
        assert comparable(blueprint) == comparable(read(Rubric.objects.get(code=code))), code
        assert sum(column.width for column in blueprint.columns) == 180


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_doubts_are_those_of_the_register_and_no_other(name, way):
    found = {code: Counter(doubt.code.value for doubt in one.doubts) for code, one in found_in(name, way)}
    assert found == {code: DOUBTS[code] for code in CODES[name]}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_thresholds_name_the_quantity(name):
    for code, one in found_in(name, "docx"):
        wanted = {item["key"]: item["threshold"] for item in fixture(name)[code]["item"] if item.get("threshold")}
        keys = {item["key"]: at for at, item in enumerate(fixture(name)[code]["item"])}
        items = list(one.blueprint.items)
        for key, threshold in wanted.items():
            if (code, key) not in NO_QUANTITY:
                said = items[keys[key]].threshold
                assert said in items[keys[key]].text
                assert set(re.findall(r"\d+", threshold)) <= set(re.findall(r"\d+", said)), (code, key)


def test_what_is_layout_is_told_of_as_skipped():
    assert read_tables(WAYS["docx"]("sy"))[0].skipped == (
        "内 容 项 目 | 考 核 标 准 | 分 值 | 自评分 | 考核分 | 复核分",
        "内 容 项 目 | 考 核 标 准 | 分 值 | 自评分 | 考核分 | 复核分",
        "PAGE",
        "2",
    )
    county = read_tables(WAYS["docx"]("c"))
    assert county[1].skipped == (
        "项目 | 考 评 内 容 | 评分细则 | 自 评 | 得 分 | 责任 部室",
        "保障帮扶16分",
    )  # I12, I13
