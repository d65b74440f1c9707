"""The fixtures against domain.md section 0 and against an independent transcription of the source documents."""

import csv
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from rubrics.convert import to_kernel
from rubrics.models import Audience, Column, Group, Item, Rubric, Section
from rubrics.rows import rows

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.usefixtures("documents")]

ROOT = Path(__file__).resolve().parents[2]
TRANSCRIPTION = ROOT / "tests" / "data" / "transcription"

# code: items, points, points of the sections, declared total, printed total, headings of the score columns
PRINTED = {
    "sy": (28, 100, [12, 22, 22, 14, 14, 16, 0], 100, "105", ["自评分", "考核分", "复核分"]),
    "c1": (25, 100, [10, 18, 16, 16, 10, 11, 19], None, "", ["自评", "得分"]),
    "c2": (23, 100, [8, 18, 16, 16, 10, 11, 21], None, "", ["自评", "得分"]),
    "c3": (13, 100, [15, 45, 15, 25], None, "", ["自评", "得分"]),
    "c4": (22, 100, [10, 15, 20, 15, 10, 10, 20], None, "", ["自评", "得分"]),
    "d": (27, 100, [17, 22, 13, 15, 18, 15, 0], None, "", ["自评", "考核得分"]),
    "g1": (42, 100, [24, 21, 19, 17, 9, 10], 100, "", ["自评得分", "考评得分"]),
    "g2": (43, 102, [26, 21, 19, 15, 10, 11], 100, "", ["自评得分", "考评得分"]),
    "g3": (30, 102, [22, 24, 11, 7, 22, 16], 100, "", ["自评得分", "考评得分"]),
    "g4": (31, 99, [20, 13, 16, 17, 9, 24], 100, "", ["自评得分", "考评得分"]),
    "g5": (38, 99, [22, 30, 21, 10, 9, 7], 100, "", ["自评得分", "考评得分"]),
    "g6": (30, 100, [16, 23, 19, 18, 8, 16], 100, "", ["自评得分", "考评得分"]),
    "j1": (48, 100, [15, 28, 24, 23, 10], 100, "100", ["自查分", "考评分"]),
    "j2": (46, 100, [15, 26, 26, 23, 10], 100, "100", ["自查分", "考评分"]),
    "j3": (52, 100, [15, 25, 25, 25, 10], 100, "100", ["自查分", "考评分"]),
}

GROUPS = {"j1": 18, "j2": 18, "j3": 19}

KINDS = {
    "shenyang-six-good": {"township": "sy"},
    "county-annexes": {
        "township": "c1",
        "system": "c2",
        "party_government_system": "c3",
        "direct_enterprise": "c4",
    },
    "six-special-actions": {"county": "d", "industry": "d"},
    "guyuan-annual-inspection": {
        "public_enterprise": "g1",
        "private": "g2",
        "agency": "g3",
        "federation": "g4",
        "township": "g5",
        "village": "g6",
    },
    "jiangsu-model-home": {
        "public_enterprise": "j1",
        "private": "j1",
        "agency": "j1",
        "township": "j2",
        "federation": "j2",
        "village": "j2",
        "county": "j3",
    },
}

# domain.md 1.2; the lead has the points of a cell with two departments
OFFICES = {
    "c1": {"办公室": 20, "组织部": 18, "生产保护部": 16, "保障部": 16, "厂务公开办公室": 11, "宣教部": 19},
    "c2": {"办公室": 18, "组织部": 18, "生产保护部": 16, "保障部": 16, "厂务公开办公室": 11, "宣教部": 21},
    "c3": {"办公室": 15, "组织部": 70, "保障部": 15},
    "c4": {"办公室": 20, "组织部": 15, "生产保护部": 20, "保障部": 15, "厂务公开办公室": 10, "宣教部": 20},
}

RULES = {
    "sy 7-1": ("none", "highest_level", 5, ["2", "3", "5"]),
    "c1 1-4": ("deduct_per_unit", "none", None, ["0.5"]),
    "c2 1-2": ("deduct_per_unit", "none", None, ["0.5"]),
    "c3 1-2": ("deduct_per_unit", "none", None, ["1"]),
    "d 1": ("judged", "add_per_unit", None, ["0.2"]),
    "d 6": ("sum_of_parts", "none", None, ["8", "4"]),
    "d 7": ("none", "add_per_unit", None, ["3", "1", "0.5"]),
    "d 23": ("judged", "add_per_unit", 2, ["0.2 per 1000 above 4000"]),
    "d 27": ("none", "add_per_unit", None, ["3", "1", "2", "3"]),
}

BALLOTS = {
    "sy 4-4": "base_unions",
    "sy 5-4": "workers",
    "j1 18-2": "members",
    "j2 18-2": "base_chairs",
    "j2 18-3": "random_members",
    "j3 19-2": "base_chairs",
}


def get(code):
    return Rubric.objects.get(code=code)


def test_every_rubric_is_there_and_no_other():
    assert set(Rubric.objects.values_list("code", flat=True)) == set(PRINTED)
    assert Item.objects.count() == sum(items for items, *_ in PRINTED.values()) == 498


@pytest.mark.parametrize("code", PRINTED)
def test_rubric_prints_what_the_document_prints(code):
    rubric = get(code)
    kernel = to_kernel(rubric)
    assert (
        rubric.items.count(),
        kernel.points,
        [sum(item.points or 0 for item in section.items) for section in kernel.sections],
        rubric.declared_total,
        rubric.printed_total,
        [column.heading for column in rubric.columns.filter(source__in=("self", "assess", "review"))],
    ) == PRINTED[code]


@pytest.mark.parametrize("code", PRINTED)
def test_items_stand_in_one_unbroken_order(code):
    items = list(get(code).items.select_related("section", "group"))
    assert [item.position for item in items] == list(range(1, len(items) + 1))
    places = [(item.section.position, item.group.position if item.group else 0) for item in items]
    assert places == sorted(places)
    assert all(item.section.rubric_id == item.rubric_id for item in items)
    assert all(item.group.section_id == item.section_id for item in items if item.group)


def test_sections_add_up_to_their_labels():
    for section in Section.objects.exclude(points=None).prefetch_related("items"):
        assert sum(item.points or 0 for item in section.items.all()) == section.points, section.label
        assert f"{section.points:.0f}分" in section.label


def test_groups_add_up_to_their_printed_points():
    groups = Group.objects.select_related("section__rubric").prefetch_related("items")
    assert Counter(group.section.rubric.code for group in groups) == GROUPS
    for group in groups:
        assert sum(item.points for item in group.items.all()) == group.points == plain(group.label), group


def test_thresholds_are_a_part_of_their_wording():
    items = Item.objects.exclude(threshold="")
    assert [str(item) for item in items if item.threshold not in item.text] == []
    assert items.count() > 90


def test_printed_points_say_the_points():
    for item in Item.objects.exclude(points=None):
        assert plain(item.printed_points) == item.points, item
    bonus = Item.objects.filter(points=None).order_by("rubric__code", "position")
    assert [item.printed_points for item in bonus] == ["加分项目", "加分项目", "最高5分"]


def test_wording_has_no_page_layout_left():
    for item in Item.objects.all():
        assert item.text == item.text.strip(), item
        assert not set(item.text) & set("\n\t\u3000\xa0"), item
        assert "  " not in item.text, item


def test_columns_fill_the_page():
    for rubric in Rubric.objects.prefetch_related("columns"):
        columns = list(rubric.columns.all())
        assert sum(column.width for column in columns) == 180, rubric
        assert columns[0].heading
    assert list(Column.objects.filter(added=True).values_list("rubric__code", "heading")) == [
        ("d", "自评"),
        ("d", "考核得分"),
    ]


def test_each_kind_gets_at_most_one_rubric_of_a_document():
    found = {}
    for audience in Audience.objects.select_related("rubric__document"):
        kinds = found.setdefault(audience.rubric.document.slug, {})
        assert audience.kind not in kinds
        kinds[audience.kind] = audience.rubric.code
    assert found == KINDS


def test_every_kind_of_an_audience_is_a_known_kind():
    kinds = {row["fields"]["code"] for row in fixture("kinds")}
    assert set(Audience.objects.values_list("kind", flat=True)) <= kinds
    assert kinds - set(Audience.objects.values_list("kind", flat=True)) == {"province", "city", "new_employment"}


def test_county_only_items_of_the_six_special_actions():
    only = {row.key for row in rows(get("d")) if row.kinds == {"county"}}
    assert only == {"2", "4", "12", "14", "17", "24", "26"}
    assert {row.key for row in rows(get("d")) if row.kinds} == only
    assert {row.key for row in rows(get("d")) if "产业工会" not in row.subject} == only


@pytest.mark.parametrize("code", OFFICES)
def test_departments_share_the_points_of_the_county_annexes(code):
    shares = Counter()
    for row in rows(get(code)):
        shares[row.offices[0]] += row.points
    assert shares == OFFICES[code]


def test_jointly_owned_items_name_their_lead_first():
    joint = {row.offices for code in ("c1", "c2", "c3", "c4", "d") for row in rows(get(code)) if len(row.offices) > 1}
    assert joint == {("组织部", "宣传部"), ("组织部", "办公室"), ("组织部", "女职工部", "经审办")}


def test_rules_beside_judgement():
    found = {}
    for rubric in Rubric.objects.all():
        for row in rows(rubric):
            if (row.rule, row.bonus_rule) != ("judged", "none"):
                found[f"{rubric.code} {row.key}"] = (
                    row.rule,
                    row.bonus_rule,
                    row.bonus_cap,
                    [measured(measure) for measure in row.measures],
                )
    assert found == RULES


def test_what_is_recognised_as_one_event_is_claimed_one_by_one():
    claimed = Item.objects.filter(claimed=True).select_related("rubric")
    assert {f"{item.rubric.code} {item.key}" for item in claimed} == {"sy 7-1", "d 27"}


def test_ballots():
    items = Item.objects.exclude(electorate="").select_related("rubric")
    assert {f"{item.rubric.code} {item.key}": item.electorate for item in items} == BALLOTS


def test_bands_of_guyuan():
    bands = [
        ("五星级", 90, Decimal("0.2")),
        ("四星级", 80, None),
        ("三星级", 70, None),
        ("二星级", 60, None),
        ("一星级", 0, None),
    ]
    for rubric in Rubric.objects.prefetch_related("bands"):
        found = [(band.name, band.lower, band.quota) for band in rubric.bands.all()]
        assert found == (bands if rubric.code.startswith("g") else []), rubric
        assert rubric.qualified_rank == (2 if found else None)


@pytest.mark.parametrize("code", PRINTED)
def test_rubric_equals_the_independent_transcription(code):
    rubric = get(code)
    everyone = {audience.kind for audience in rubric.audiences.all()}
    with (TRANSCRIPTION / f"{code}.tsv").open(encoding="utf-8", newline="") as file:
        theirs = [transcribed(line, everyone) for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    sums = Counter()
    for row in rows(rubric):
        sums[row.section] += row.points or 0
    assert [ours(row, sums, everyone) for row in rows(rubric)] == theirs


def transcribed(line, everyone):
    """A line of the transcription in our notation: without 市总, whose departments they are; industrial is industry."""
    kinds = {kind.replace("industrial", "industry") for kind in line["kinds"].split("|") if kind}
    return {
        "section": line["section"],
        "section_points": line["section_points"],
        "group": line["group"],
        "group_points": line["group_points"],
        "number": line["number"],
        "text": squeezed(line["text"]),
        "points": line["points"],
        "bonus": bool(line["bonus"]),
        "basis": line["basis"],
        "departments": [name.removeprefix("市总") for name in line["departments"].split("|") if name],
        "kinds": kinds or everyone,
    }


def ours(row, sums, everyone):
    return {
        "section": row.section_name,
        "section_points": f"{sums[row.section]:.0f}" if sums[row.section] else "",
        "group": str(row.group or ""),
        "group_points": f"{row.group_points:.0f}" if row.group else "",
        "number": unicodedata.normalize("NFKC", row.number).rstrip("."),
        "text": squeezed(row.text),
        "points": f"{row.points:.0f}" if row.points else "",
        "bonus": row.bonus_rule != "none",
        "basis": row.basis,
        "departments": list(row.offices),
        "kinds": row.kinds or everyone,
    }


def fixture(name):
    return yaml.safe_load((ROOT / "fixtures" / f"{name}.yaml").read_text(encoding="utf-8"))


def squeezed(text):
    return "".join(text.split())


def plain(printed):
    """The number in printed points, be it '（3分）', '２分' or '　 ４'."""
    return int("".join(c for c in unicodedata.normalize("NFKC", printed) if c.isdigit()))


def measured(measure):
    amount = f"{measure.amount.normalize():f}"
    return amount if measure.per == 1 else f"{amount} per {measure.per:.0f} above {measure.above:.0f}"
