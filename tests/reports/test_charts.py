"""Rows as pictures: what stands where, and what a text from outside can't do."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from reports.charts import MOST, bars, boxes
from reports.statistics import spread

pytestmark = pytest.mark.any_database

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    """The picture as XML: what isn't well-formed fails here."""
    return ET.fromstring(svg)  # noqa: S314  # our own


def test_bars_are_as_long_as_their_values():
    picture = read(bars("题", "说明", [("甲", Decimal(10), "10"), ("乙", Decimal("2.5"), "2.5")]))
    widths = [float(one.get("width")) for one in picture.iter(f"{SVG}rect")]
    assert widths == [470.0, 117.5]
    assert (picture.find(f"{SVG}title").text, picture.find(f"{SVG}desc").text) == ("题", "说明")
    names = {picture.find(f"{SVG}title").get("id"), picture.find(f"{SVG}desc").get("id")}
    assert set(picture.get("aria-labelledby").split()) == names


def test_a_box_stands_between_round_numbers():
    found = spread({Decimal(60): 1, Decimal(70): 1, Decimal(80): 1, Decimal(90): 1, Decimal(100): 1})
    picture = read(boxes("题", "说明", [("甲", found)]))
    box = picture.find(f"{SVG}rect")
    assert (box.get("x"), box.get("width")) == ("317.5", "235.0")
    ticks = [one.text for one in picture.iter(f"{SVG}text")][:5]
    assert ticks == ["60", "70", "80", "90", "100"]


def test_no_value_stands_beyond_the_axis():
    found = spread({Decimal("87.25"): 1, Decimal("91.5"): 1})
    ticks = [one.text for one in read(boxes("题", "说明", [("甲", found)])).iter(f"{SVG}text")][:5]
    assert (ticks[0], ticks[4]) == ("80", "100")
    below = [one.text for one in read(boxes("题", "说明", [("甲", spread({Decimal("-3"): 1}))])).iter(f"{SVG}text")]
    assert (below[0], below[4]) == ("-10", "0")


def test_equal_and_negative_values_have_room():
    for value in ("0", "100", "-3", "-10"):
        read(boxes("题", "说明", [("甲", spread({Decimal(value): 2}))]))


def test_texts_are_texts_and_long_ones_are_cut_to_fit():
    name = "<script>" + "很长" * 20
    picture = bars("题", "说明", [(name, Decimal(1), "1")])
    assert "<script" not in picture
    assert "style=" not in picture
    labels = [one.text for one in read(picture).iter(f"{SVG}text")]
    assert labels[0] == f"{name[:13]}…"


def test_there_is_no_picture_of_nothing_and_none_without_end():
    assert bars("题", "说明", []) == bars("题", "说明", [("甲", Decimal(0), "0")]) == boxes("题", "说明", []) == ""
    many = read(bars("题", "说明", [(str(number), Decimal(1), "1") for number in range(MOST + 5)]))
    assert len(list(many.iter(f"{SVG}rect"))) == MOST
