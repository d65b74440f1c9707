import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from rubrics import convert, faults, scoring
from rubrics.scoring.rubric import DeductPerUnit, Item, Measure, Rubric, RubricError

SOURCES = (*Path(scoring.__file__).parent.rglob("*.py"), Path(convert.__file__))


def said_in(path: Path) -> Iterator[str]:
    """The sentences of each `Fault(...)` in a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Fault":
            yield from (one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant))


def test_every_sentence_of_the_kernel_can_be_translated():
    found = {said for path in SOURCES for said in said_in(path)}
    assert found == set(faults.SAID)
    assert len(found) > 30


def test_a_contradiction_names_the_row_and_what_stands_in_it():
    with pytest.raises(RubricError) as caught:
        Item("1-2", 3, DeductPerUnit((Measure("absent", "缺席"),)))
    with translation.override("en"):
        assert faults.in_words(caught.value) == "Item 1-2: 缺席 is worth nothing"


def test_a_contradiction_of_the_whole_names_no_row():
    with pytest.raises(RubricError) as caught:
        Rubric("x", (), floor=1)
    with translation.override("en"):
        assert faults.in_words(caught.value) == "the lowest total is not above 0"
