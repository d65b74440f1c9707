"""Edits as values: what each makes of a draft, and that no sequence of them leaves anything that can't be stored."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgs.services.base import Refused
from rubrics.blueprint import (
    AudiencePlan,
    BandPlan,
    Blueprint,
    CapPlan,
    ColumnPlan,
    GroupPlan,
    ItemPlan,
    MeasurePlan,
    SectionPlan,
    TierPlan,
    read,
    write,
)
from rubrics.drafting import edits
from rubrics.drafting.codec import digest, dump, load
from rubrics.drafting.wellformed import fault
from rubrics.models import Document, Rubric

pytestmark = [pytest.mark.any_database]

D = Decimal


def item(key, points="2", **more):
    return ItemPlan(key, f"考核内容{key}。", D(points), printed_points=f"{points}分", **more)


ABSENT = MeasurePlan("absent", "base", "缺席", "次", D("0.5"))

DRAFT = Blueprint(
    title="标准",
    sections=(
        SectionPlan(
            "组织",
            "组织8分",
            (
                GroupPlan((item("1-1", offices=("办公室",), source_ref="1:2"), item("1-2"))),
                GroupPlan((item("1-3"), item("1-4", kinds=frozenset({"village"}))), D(4), "4分"),
            ),
            D(8),
        ),
        SectionPlan("作用", "作用", (GroupPlan((item("2-1", "3", rule="deduct_per_unit", measures=(ABSENT,)),)),)),
    ),
    columns=(ColumnPlan("text", "内容", 80), ColumnPlan("self", "自评", 15), ColumnPlan("assess", "考评", 15)),
    audiences=(AudiencePlan("street", "街道"), AudiencePlan("village", "村")),
    offices=("办公室", "组织部"),
    bands=(BandPlan(2, "合格", D(6)), BandPlan(1, "不合格", D(0))),
    caps=(CapPlan("累计", D(2), D(-3)),),
)


def keys(blueprint):
    """The keys in document order, as the groups of each section hold them."""
    return [[[one.key for one in group.items] for group in section.groups] for section in blueprint.sections]


START = [[["1-1", "1-2"], ["1-3", "1-4"]], [["2-1"]]]


def test_the_draft_of_these_tests_is_well_formed():
    assert (keys(DRAFT), fault(DRAFT)) == (START, "")


# --- Rows


def test_a_row_changes_its_words_and_its_key():
    after = edits.change_item(DRAFT, "1-2", key="1-9", text="新的内容。", number="２.")
    assert keys(after) == [[["1-1", "1-9"], ["1-3", "1-4"]], [["2-1"]]]
    assert after.sections[0].items[1] == replace(item("1-2"), key="1-9", text="新的内容。", number="２.")


def test_a_threshold_that_the_new_wording_lacks_is_gone():
    marked = edits.change_item(DRAFT, "1-1", text="入会率达到90%。", threshold="90%")
    assert marked.sections[0].items[0].threshold == "90%"
    assert edits.change_item(marked, "1-1", text="全部入会。").sections[0].items[0].threshold == ""


def test_a_key_that_another_row_has_is_refused():
    with pytest.raises(Refused, match="1-2"):
        edits.change_item(DRAFT, "1-1", key="1-2")


@pytest.mark.parametrize("key", ["", "a/b", "a b", "0123456789abc"])
def test_a_key_that_can_not_stand_in_an_address_is_refused(key):
    with pytest.raises(Refused):
        edits.change_item(DRAFT, "1-1", key=key)


@pytest.mark.parametrize(
    ("after", "section", "found"),
    [
        ("1-2", 0, [[["1-1", "1-2", "1-2a"], ["1-3", "1-4"]], [["2-1"]]]),
        ("1-3", 0, [[["1-1", "1-2"], ["1-3", "1-3a", "1-4"]], [["2-1"]]]),
        ("", 0, [[["1-1a", "1-1", "1-2"], ["1-3", "1-4"]], [["2-1"]]]),
        ("", 1, [[["1-1", "1-2"], ["1-3", "1-4"]], [["2-1a", "2-1"]]]),
    ],
)
def test_a_row_is_inserted_behind_another_into_its_group(after, section, found):
    assert keys(edits.insert_item(DRAFT, section, after)) == found


def test_a_removed_row_leaves_its_group_which_goes_with_its_last():
    once = edits.remove_item(DRAFT, "1-3")
    assert keys(once) == [[["1-1", "1-2"], ["1-4"]], [["2-1"]]]
    assert keys(edits.remove_item(once, "1-4")) == [[["1-1", "1-2"]], [["2-1"]]]


def test_the_last_row_of_a_section_goes_only_with_the_section():
    with pytest.raises(Refused):
        edits.remove_item(DRAFT, "2-1")
    assert keys(edits.remove_section(DRAFT, 1)) == START[:1]


@pytest.mark.parametrize(
    ("key", "before", "found"),
    [
        ("1-1", "1-4", [[["1-2"], ["1-3", "1-1", "1-4"]], [["2-1"]]]),
        ("1-4", "1-1", [[["1-4", "1-1", "1-2"], ["1-3"]], [["2-1"]]]),
        ("1-3", "2-1", [[["1-1", "1-2"], ["1-4"]], [["1-3", "2-1"]]]),
        ("1-1", "1-1", START),
    ],
)
def test_a_row_moves_in_front_of_another(key, before, found):
    assert keys(edits.move_item(DRAFT, key, before)) == found


def test_a_row_moves_to_the_end_of_a_section():
    assert keys(edits.move_item_to_end(DRAFT, "1-1", 1)) == [[["1-2"], ["1-3", "1-4"]], [["2-1", "1-1"]]]
    assert keys(edits.move_item_to_end(DRAFT, "2-1", 1)) == START


@pytest.mark.parametrize(
    ("key", "by", "found"),
    [
        ("1-2", -1, [[["1-2", "1-1"], ["1-3", "1-4"]], [["2-1"]]]),
        ("1-2", 1, [[["1-1"], ["1-2", "1-3", "1-4"]], [["2-1"]]]),
        ("1-4", 1, [[["1-1", "1-2"], ["1-3"]], [["1-4", "2-1"]]]),
        ("1-1", -1, START),
        ("2-1", 1, START),
    ],
)
def test_a_row_moves_one_place_and_over_borders(key, by, found):
    assert keys(edits.shift_item(DRAFT, key, by)) == found


def test_a_row_is_split_in_two():
    start = edits.change_duties(DRAFT, "1-1", kinds=["village"], offices=["办公室"])
    after = edits.split_item(start, "1-1", ("前半。", "后半。"), (D("1.5"), D("0.5")))
    assert after.sections[0].items[:2] == (
        replace(
            item("1-1", offices=("办公室",), kinds=frozenset({"village"}), source_ref="1:2"),
            text="前半。", points=D("1.5"), printed_points="1.5分",
        ),
        ItemPlan(
            "1-1a", "后半。", D("0.5"), printed_points="0.5分",
            offices=("办公室",), kinds=frozenset({"village"}), source_ref="1:2",
        ),
    )  # fmt: skip


def test_two_rows_become_one_and_their_points_are_added():
    after = edits.merge_items(DRAFT, "1-1")
    assert after.sections[0].items[0] == replace(
        item("1-1", offices=("办公室",), source_ref="1:2"),
        text="考核内容1-1。考核内容1-2。", points=D(4), printed_points="4分",
    )  # fmt: skip
    assert keys(after) == [[["1-1"], ["1-3", "1-4"]], [["2-1"]]]


def test_a_row_is_not_merged_over_the_end_of_its_section_nor_with_a_rule_that_would_be_lost():
    with pytest.raises(Refused):
        edits.merge_items(DRAFT, "1-4")
    moved = edits.move_item(DRAFT, "1-4", "2-1")
    with pytest.raises(Refused, match="2-1"):
        edits.merge_items(moved, "1-4")


def test_a_row_that_is_gone_is_named():
    with pytest.raises(Refused, match="9-9"):
        edits.remove_item(DRAFT, "9-9")


# --- Sections, groups


def test_sections_are_inserted_moved_and_renamed():
    after = edits.insert_section(DRAFT, 1, "新项目")
    assert keys(after) == [START[0], [["2-1a"]], START[1]]
    assert keys(edits.shift_section(after, 1, -1)) == [[["2-1a"]], START[0], START[1]]
    assert edits.shift_section(DRAFT, 1, 1) == DRAFT
    named = edits.change_section(DRAFT, 1, name="发挥作用", label="发挥作用3分", points=D(3)).sections[1]
    assert (named.name, named.label, named.points, named.groups) == (
        "发挥作用", "发挥作用3分", D(3), DRAFT.sections[1].groups,
    )  # fmt: skip


def test_rows_are_grouped_out_of_other_groups_and_set_free_again():
    after = edits.group_items(DRAFT, "1-2", "1-3", D(4), "４分")
    assert keys(after)[0] == [["1-1"], ["1-2", "1-3"], ["1-4"]]
    assert [(group.points, group.label) for group in after.sections[0].groups] == [
        (None, ""), (D(4), "４分"), (D(4), "4分"),
    ]  # fmt: skip
    assert keys(edits.ungroup(after, "1-3"))[0] == [["1-1", "1-2", "1-3"], ["1-4"]]


@pytest.mark.parametrize(("first", "last"), [("1-2", "1-1"), ("1-4", "2-1")])
def test_a_group_is_of_rows_that_follow_each_other(first, last):
    with pytest.raises(Refused):
        edits.group_items(DRAFT, first, last, D(1), "")


# --- What holds for the whole


def test_a_kind_that_goes_leaves_the_rows_that_named_it():
    after = edits.set_audiences(DRAFT, [AudiencePlan("street", "街道")])
    assert after.sections[0].items[3].kinds == frozenset()


def test_all_kinds_are_none_in_particular():
    after = edits.change_duties(DRAFT, "1-4", kinds=["street", "village"], offices=["工会办", "工会办"])
    assert after.sections[0].items[3].kinds == frozenset()
    assert (after.sections[0].items[3].offices, after.offices) == (("工会办",), ("办公室", "组织部", "工会办"))


def test_departments_are_renamed_joined_and_removed_on_the_rows_too():
    assert edits.set_offices(DRAFT, {"办公室": "综合部"}).sections[0].items[0].offices == ("综合部",)
    gone = edits.set_offices(DRAFT, {"办公室": "", "组织部": "组织部"}, ["宣传部"])
    assert (gone.offices, gone.sections[0].items[0].offices) == (("组织部", "宣传部"), ())


def test_a_common_limit_that_goes_leaves_the_rows_that_named_it():
    ruling = edits.Ruling(D(3), "deduct_per_unit", cap="累计", measures=(ABSENT,))
    named = edits.set_rule(DRAFT, "2-1", ruling)
    assert edits.set_caps(named, []).sections[1].items[0].cap == ""


def test_the_lowest_qualified_band_goes_with_its_band():
    assert edits.set_bands(DRAFT, DRAFT.bands, 2).qualified_rank == 2
    assert edits.set_bands(DRAFT, DRAFT.bands[1:], 2).qualified_rank is None


@pytest.mark.parametrize(
    "ruling",
    [
        edits.Ruling(None, "judged"),
        edits.Ruling(D(2), "none"),
        edits.Ruling(D(2), "judged", gate="veto"),
        edits.Ruling(D(0), "judged"),
        edits.Ruling(D(2), "judged", floor=D(1)),
        edits.Ruling(D(2), "unknown"),
        edits.Ruling(D(2), "judged", cap="没有"),
        edits.Ruling(D("0.001"), "judged"),
        edits.Ruling(D(2), "sum_of_parts", measures=(ABSENT, ABSENT)),
        edits.Ruling(D(2), "tiers", measures=(replace(ABSENT, tiers=(TierPlan(D(1), D(1)), TierPlan(D(1), D(2)))),)),
        edits.Ruling(D(2), "several_scorers", measures=(replace(ABSENT, office="没有"),)),
    ],
)
def test_a_rule_that_could_not_be_stored_is_refused(ruling):
    with pytest.raises(Refused):
        edits.set_rule(DRAFT, "1-1", ruling)


# --- What is inherited

OVERLAY = replace(DRAFT, sections=(replace(DRAFT.sections[0], inherited=True), DRAFT.sections[1]))


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: edits.change_item(draft, "1-1", text="别的。"),
        lambda draft: edits.remove_item(draft, "1-2"),
        lambda draft: edits.insert_item(draft, 0, "1-1"),
        lambda draft: edits.move_item(draft, "1-1", "2-1"),
        lambda draft: edits.change_section(draft, 0, name="别的"),
        lambda draft: edits.shift_section(draft, 1, -1),
        lambda draft: edits.insert_section(draft, 0, "新"),
        lambda draft: edits.ungroup(draft, "1-3"),
        lambda draft: edits.set_offices(draft, {"办公室": "综合部"}),
        lambda draft: edits.set_audiences(draft, []),
    ],
)
def test_inherited_sections_stay_as_they_are(change):
    change(DRAFT)
    with pytest.raises(Refused, match="stays as it is"):
        change(OVERLAY)


def test_own_sections_of_an_overlay_can_be_edited():
    assert keys(edits.insert_item(OVERLAY, 1, "2-1")) == [START[0], [["2-1", "2-1a"]]]
    assert edits.set_offices(OVERLAY, {"组织部": "组宣部"}).offices == ("办公室", "组宣部")


# --- Any sequence

POINTS = st.integers(1, 40).map(lambda quarter: D(quarter) / 4)


@st.composite
def one_edit(draw, draft):
    """One edit of the draft with arguments that are sometimes right."""
    known = [one.key for one in draft.items]
    key = st.sampled_from([*known, "9-9"])
    number = st.integers(-1, len(draft.sections))
    office = st.sampled_from(["办公室", "组织部", "宣传部"])
    kind = st.sampled_from(["street", "village", "nobody"])
    step = st.sampled_from([-1, 1])
    name, arguments = draw(
        st.sampled_from(
            [
                ("change_item", (key,)),
                ("insert_item", (number, st.one_of(st.just(""), key))),
                ("remove_item", (key,)),
                ("move_item", (key, key)),
                ("move_item_to_end", (key, number)),
                ("shift_item", (key, step)),
                ("split_item", (key, st.just(("甲。", "乙。")), st.tuples(POINTS, POINTS))),
                ("merge_items", (key,)),
                ("insert_section", (number, st.just("新项目"))),
                ("remove_section", (number,)),
                ("shift_section", (number, step)),
                ("group_items", (key, key, POINTS, st.just("组分"))),
                ("ungroup", (key,)),
                ("change_duties", (key,)),
                ("set_offices", (st.dictionaries(office, st.one_of(st.just(""), office)),)),
                ("set_audiences", (st.lists(kind.map(lambda one: AudiencePlan(one, one)), max_size=3),)),
            ]
        )
    )
    options = {
        "change_item": {"text": st.text("考核内容", max_size=9), "number": st.text("1２.", max_size=3)},
        "change_duties": {"kinds": st.lists(kind, max_size=2), "offices": st.lists(office, max_size=3)},
    }.get(name, {})
    return (
        getattr(edits, name),
        [draw(one) for one in arguments],
        {option: draw(value) for option, value in options.items()},
    )


def edited(data):
    draft = DRAFT
    for _turn in range(data.draw(st.integers(1, 12))):
        change, arguments, options = data.draw(one_edit(draft))
        try:
            after = change(draft, *arguments, **options)
        except Refused:
            continue
        assert fault(after) == ""
        draft = after
    return draft


@given(st.data())
@settings(max_examples=80)
def test_any_sequence_of_edits_survives_as_json_and_keeps_its_digest(data):
    draft = edited(data)
    assert load(dump(draft)) == draft
    assert digest(load(dump(draft))) == digest(draft)


@pytest.mark.django_db
@given(st.data())
@settings(max_examples=60)
def test_any_sequence_of_edits_can_be_stored_and_read_again(data):
    draft = edited(data)
    document, _made = Document.objects.get_or_create(slug="d", defaults={"title": "文件"})
    rubric, _made = Rubric.objects.get_or_create(document=document, code="r", defaults={"title": "-"})
    write(draft, rubric)
    assert digest(read(Rubric.objects.get(pk=rubric.pk))) == digest(draft)
    assert read(Rubric.objects.get(pk=rubric.pk)) == draft


@pytest.mark.parametrize(
    ("bonus_rule", "step", "stored"),
    [
        ("add_per_unit", "1", True),
        ("add_per_unit", "0.5", True),
        ("add_per_unit", "10", False),
        ("take_per_unit", "1", False),
        ("none", "1", False),
    ],
)
def test_only_an_addition_of_whole_ones_is_claimed_one_by_one(bonus_rule, step, stored):
    measure = MeasurePlan("m1", "bonus", "交流", "项", D(1), step=D(step))
    item = ItemPlan("1", "经验交流", D(1), bonus_rule=bonus_rule, claimed=True, measures=(measure,))
    draft = Blueprint("标准", (SectionPlan("节", "节", (GroupPlan((item,)),)),))
    assert (fault(draft) == "") == stored
