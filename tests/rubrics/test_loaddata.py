from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core import serializers
from django.core.management import call_command

from rubrics.models import Document, Item, Measure, Rubric
from rubrics.services import freeze

pytestmark = pytest.mark.django_db

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "shenyang_six_good.yaml"


@pytest.fixture
def load(tmp_path, capsys):
    """Loads Shenyang's fixture after `change` was applied to its rows; returns what the command said."""

    def load(change=None):
        lines = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))
        if change:
            change(lines)
        path = tmp_path / "changed.yaml"
        path.write_text(yaml.safe_dump(lines, allow_unicode=True, sort_keys=False), encoding="utf-8")
        call_command("loaddata", path)
        return capsys.readouterr().out

    return load


def everything():
    """All rows of the app as fixtures name them, without their keys."""
    return [
        serializers.serialize(
            "json", model.objects.order_by("pk"), use_natural_foreign_keys=True, use_natural_primary_keys=True
        )
        for model in apps.get_app_config("rubrics").get_models()
    ]


def insert_item(lines):
    """A new first item, which moves every other one down; with a measure of its own."""
    place = next(i for i, line in enumerate(lines) if line["model"] == "rubrics.item")
    first = lines[place]["fields"]
    for line in lines:
        if line["model"] == "rubrics.item":
            line["fields"]["position"] += 1
    measure = {"item": ["sy", 1, "1-0"], "key": "k", "role": "base", "label": "次", "unit": "次", "amount": 1}
    lines[place:place] = [
        {"model": "rubrics.item", "fields": {**first, "key": "1-0", "position": 1, "rule": "deduct_per_unit"}},
        {"model": "rubrics.measure", "fields": measure},
    ]


def insert_section_with_item(lines):
    section = {"rubric": ["sy", 1], "position": 8, "name": "新", "label": "新"}
    item = {"rubric": ["sy", 1], "section": ["sy", 1, 8], "position": 99, "key": "8-1", "text": "新。", "points": 1}
    office = {"rubric": ["sy", 1], "name": "办公室"}
    duty = {"item": ["sy", 1, "8-1"], "office": ["sy", 1, "办公室"], "position": 0}
    group = {"section": ["sy", 1, 8], "position": 1, "points": 1}
    for model, fields in [
        ("section", section),
        ("group", group),
        ("item", item | {"audiences": [["sy", 1, "nobody"]]}),
        ("office", office),
        ("responsibility", duty),
    ]:
        lines.append({"model": f"rubrics.{model}", "fields": fields})


def drop_item(lines):
    place = next(i for i, line in enumerate(lines) if line["model"] == "rubrics.item")
    del lines[place]


def reword(lines):
    for line in lines:
        if line["model"] == "rubrics.item":
            line["fields"]["text"] = "改了。"
        if "title" in line["fields"]:
            line["fields"]["title"] = "改了"


def test_loading_twice_changes_nothing(load):
    load()
    before, key = everything(), Rubric.objects.get().pk
    assert "Installed" in load()
    assert everything() == before
    assert Rubric.objects.get().pk == key


def test_an_item_that_the_fixture_lost_does_not_stay_behind(load):
    load()
    load(drop_item)
    assert Item.objects.count() == 27
    assert not Item.objects.filter(key="1-1").exists()


def test_items_may_change_places(load):
    load()
    load(insert_item)
    assert list(Item.objects.values_list("key", flat=True)[:3]) == ["1-0", "1-1", "1-2"]
    assert Measure.objects.filter(item__key="1-0").exists()


def test_another_rubric_is_left_alone(load, rubric):
    keys = list(rubric.items.values_list("pk", flat=True))
    load()
    assert list(rubric.items.values_list("pk", flat=True)) == keys


@pytest.mark.parametrize("change", [None, reword, drop_item, insert_item, insert_section_with_item])
def test_a_frozen_rubric_is_passed_over_and_named(load, change):
    load()
    freeze(Rubric.objects.get())
    before, keys = everything(), list(Item.objects.values_list("pk", flat=True))
    said = load(change)
    assert everything() == before
    assert list(Item.objects.values_list("pk", flat=True)) == keys
    assert Document.objects.get().title == "沈阳市六好街道（乡镇）工会考核标准"
    assert said.count("sy") == 1
    assert "Installed 0 object(s)" in said


def test_a_new_version_loads_beside_a_frozen_one(load):
    load()
    freeze(Rubric.objects.get())

    def second_version(lines):
        for line in lines:
            fields = line["fields"]
            fields.update({k: [v[0], 2, *v[2:]] for k, v in fields.items() if isinstance(v, list) and v[0] == "sy"})
            if line["model"] == "rubrics.rubric":
                fields["version"] = 2

    load(second_version)
    assert [rubric.version for rubric in Rubric.objects.exclude(frozen_at=None)] == [1]
    assert [rubric.version for rubric in Rubric.objects.filter(frozen_at=None)] == [2]
    assert Item.objects.count() == 56
