"""A rubric written as a workbook and read again is the same rubric, and so is the workbook."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics import exchange
from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, SectionPlan, read
from rubrics.exchange.layout import join, split
from rubrics.models import Rubric
from tests.factories import load_rubrics, rubric_of_every_kind, small_rubric
from tests.rubrics.blueprints import blueprints, texts


def members(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook but the one that holds the time of writing."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}


@settings(max_examples=60)
@given(blueprints())
def test_every_rubric_comes_back(blueprint):
    content = exchange.write(blueprint)
    assert exchange.recognises(BytesIO(content))
    again = exchange.read(BytesIO(content))
    assert again == blueprint
    assert members(exchange.write(again)) == members(content)


@pytest.mark.django_db
@pytest.mark.any_database
def test_every_shipped_rubric_comes_back():
    load_rubrics()
    for rubric in (*Rubric.objects.all(), small_rubric(), rubric_of_every_kind()):
        blueprint = read(rubric)
        content = exchange.write(blueprint)
        again = exchange.read(BytesIO(content))
        assert again == blueprint
        assert members(exchange.write(again)) == members(content)


@given(st.lists(texts(6, 1), max_size=4).map(tuple))
def test_names_in_one_cell_come_back(names):
    assert split(join(names)) == names


def test_words_that_a_spreadsheet_takes_for_a_character_stay_words():
    item = ItemPlan("1", "换行写作_x000D_，下划线_x照旧", Decimal(1))
    blueprint = Blueprint("标准", (SectionPlan("节", "节", (GroupPlan((item,)),)),))
    assert exchange.read(BytesIO(exchange.write(blueprint))) == blueprint


def test_a_text_longer_than_a_cell_is_refused():
    item = ItemPlan("1", "长" * 32_768, Decimal(1))
    blueprint = Blueprint("标准", (SectionPlan("节", "节", (GroupPlan((item,)),)),))
    with pytest.raises(exchange.Refused):
        exchange.write(blueprint)
    fits = replace(blueprint, sections=(SectionPlan("节", "节", (GroupPlan((replace(item, text="长" * 32_767),)),)),))
    assert exchange.read(BytesIO(exchange.write(fits))) == fits


def test_a_formula_is_never_written():
    item = ItemPlan("1", '=HYPERLINK("http://example.org")', Decimal(1), note="=1+1")
    content = exchange.write(Blueprint("=A1", (SectionPlan("@节", "+节", (GroupPlan((item,)),)),)))
    book = openpyxl.load_workbook(BytesIO(content))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
