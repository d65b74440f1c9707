"""The five source documents, rebuilt as Word and Excel tables, come out as the fixtures have them."""

from dataclasses import replace
from time import perf_counter

import pytest
from documents import CODES, DOCUMENTS, as_docx, as_xlsx, logical

from rubrics.blueprint import Blueprint, ItemPlan, read
from rubrics.importers.docx import read_docx
from rubrics.importers.doubts import Code, Option, apply
from rubrics.importers.grids import from_json, to_json
from rubrics.importers.read import read_tables
from rubrics.importers.xlsx import read_xlsx
from rubrics.models import Rubric

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("documents")]

WAYS = {
    "docx": lambda name: read_docx(as_docx(DOCUMENTS[name]())),
    "xlsx": lambda name: read_xlsx(as_xlsx(logical(DOCUMENTS[name]()))),
}

# What is settled to reach the fixture; every other doubt is told of and changes nothing.
SETTLED = {
    Code.RULE: Option.USE_RULE,
    Code.BALLOT: Option.USE_BALLOT,
    Code.LABEL_DISPLACED: Option.MOVE_LABELS,
    Code.TOTAL_SUM: Option.AS_PRINTED,
    Code.SHIFTED: Option.ACCEPT,
    Code.DUPLICATE: Option.KEEP_BOTH,
}


def comparable(blueprint: Blueprint) -> Blueprint:
    """Without what a table does not carry. The one list of exceptions:

    audiences        which kinds of ours a document's words mean is said by an administrator; which rows apply to which
                     of them is compared
    bands, qualified_rank  chosen from the plan's text, not from the table
    column widths    millimetres on our card
    notes            our own remarks
    thresholds       our choice of a part of the wording (asked for below: the quantity is in what is found)
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
    return replace(item, note="", threshold="", source_ref="", measures=measures)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_comes_out_as_its_fixtures(name, way):
    found = read_tables(WAYS[way](name))
    assert len(found) == len(CODES[name])
    for code, one in zip(CODES[name], found, strict=True):
        blueprint = one.blueprint
        for doubt in one.doubts:
            blueprint = apply(blueprint, doubt, SETTLED[doubt.code])
        assert comparable(blueprint) == comparable(read(Rubric.objects.get(code=code))), code


def test_doubts_are_those_that_the_register_knows():
    found = {}
    for name in DOCUMENTS:
        for code, one in zip(CODES[name], read_tables(WAYS["docx"](name)), strict=True):
            found |= {(code, doubt.code.value): 0 for doubt in one.doubts}
            for doubt in one.doubts:
                found[code, doubt.code.value] += 1
    assert found == {}
