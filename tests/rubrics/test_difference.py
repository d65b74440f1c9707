"""What changed between two rubrics: found whole, told in order, the same from either side."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.blueprint import (
    AudiencePlan,
    BandPlan,
    Blueprint,
    ColumnPlan,
    GroupPlan,
    ItemPlan,
    MeasurePlan,
    SectionPlan,
    TierPlan,
)
from rubrics.difference import FieldChange, Kind, compare
from rubrics.difference.marks import Mark, marks
from rubrics.difference.pairing import out_of_order
from tests.rubrics.blueprints import blueprints, edited, texts

D = Decimal
MEETING = ItemPlan("1-1", "按时参加上级工会召开的各类会议，缺席一次扣0.5分。", D(3), "1.")
JOINING = ItemPlan("1-2", "依法建立工会组织，职工入会率达到百分之九十以上。", D(5), "2.")
SERVICE = ItemPlan("2-1", "开展困难职工帮扶和送温暖活动，台账健全。", D(2), "3.")
STUDY = ItemPlan("2-2", "组织干部学习劳动法律法规，每年不少于两次。", D(4), "4.")


def rubric(*sections, **facts):
    return Blueprint("标准", tuple(sections), **facts)


def section(name, *items, **facts):
    return SectionPlan(name, name, (GroupPlan(tuple(items)),), **facts)


OLD = rubric(section("组织", MEETING, JOINING), section("作用", SERVICE, STUDY))


def told(new, old=OLD):
    """The rows' changes: kind, key before and after, and the fields that differ."""
    return [
        (
            item.change.kind,
            item.change.old and item.change.old.key,
            item.change.new and item.change.new.key,
            {field.name: (field.old, field.new) for field in item.change.fields},
            item.change.moved,
        )
        for item in compare(old, new).items
    ]


@settings(max_examples=15)
@given(blueprints())
def test_equal_rubrics_do_not_differ(blueprint):
    found = compare(blueprint, blueprint)
    assert not found
    assert set(found.counts.values()) == {0}


@settings(max_examples=25)
@given(st.data())
def test_nothing_is_found_only_if_they_are_equal(data):
    old = data.draw(blueprints())
    new = data.draw(edited(old) | blueprints())
    assert bool(compare(old, new)) == (old != new)


@settings(max_examples=25)
@given(st.data())
def test_the_counts_are_the_same_from_the_other_side(data):
    old = data.draw(blueprints())
    new = data.draw(edited(old) | blueprints())
    there, back = compare(old, new), compare(new, old)
    assert there.counts[Kind.ADDED] == back.counts[Kind.REMOVED]
    assert there.counts[Kind.REMOVED] == back.counts[Kind.ADDED]
    assert [len(there.facts), len(there.sections), len(there.columns), len(there.bands)] == [
        len(back.facts),
        len(back.sections),
        len(back.columns),
        len(back.bands),
    ]
    assert sum(item.change.moved for item in there.items) == sum(item.change.moved for item in back.items)
    assert (there.old_points, there.new_points) == (back.new_points, back.old_points)


def test_points_and_wording():
    reworded = replace(MEETING, text=MEETING.text.replace("0.5", "1"), points=D(4))
    assert told(rubric(section("组织", reworded, JOINING), section("作用", SERVICE, STUDY))) == [
        (Kind.CHANGED, "1-1", "1-1", {"text": (MEETING.text, reworded.text), "points": (D(3), D(4))}, False)
    ]


def test_a_renumbered_row_is_the_same_row():
    first = replace(JOINING, key="1-1", number="1.")
    assert told(rubric(section("组织", first), section("作用", SERVICE, STUDY))) == [
        (Kind.REMOVED, "1-1", None, {}, False),
        (Kind.CHANGED, "1-2", "1-1", {"key": ("1-2", "1-1"), "number": ("2.", "1.")}, False),
    ]


def test_a_new_wording_under_an_old_key_is_another_row():
    other = ItemPlan("1-1", "全年组织职工体检一次。", D(3), "1.")
    assert told(rubric(section("组织", other, JOINING), section("作用", SERVICE, STUDY))) == [
        (Kind.REMOVED, "1-1", None, {}, False),
        (Kind.ADDED, None, "1-1", {}, False),
    ]


def test_a_row_that_changed_places_has_moved():
    assert told(rubric(section("组织", JOINING, MEETING), section("作用", SERVICE, STUDY))) == [
        (Kind.MOVED, "1-1", "1-1", {}, True)
    ]
    found = compare(OLD, rubric(section("组织", MEETING, JOINING, SERVICE), section("作用", STUDY)))
    assert [(item.change.kind, item.old_section, item.new_section) for item in found.items] == [
        (Kind.MOVED, "作用", "组织")
    ]
    assert found.sections == ()


def test_sections_renamed_added_removed_and_moved():
    renamed = rubric(section("作用发挥", SERVICE, STUDY), section("组织", MEETING, JOINING))
    assert [(one.kind, [field.name for field in one.fields], one.moved) for one in compare(OLD, renamed).sections] == [
        (Kind.CHANGED, ["name", "label"], False),
        (Kind.MOVED, [], True),
    ]
    shorter = compare(OLD, rubric(section("组织", MEETING, JOINING)))
    assert [(one.kind, one.plan.name) for one in shorter.sections] == [(Kind.REMOVED, "作用")]
    assert shorter.counts == {Kind.ADDED: 0, Kind.REMOVED: 2, Kind.CHANGED: 0, Kind.MOVED: 0}
    assert (shorter.old_points, shorter.new_points, shorter.old_count, shorter.new_count) == (D(14), D(8), 4, 2)


def test_rules_are_compared_down_to_their_tiers():
    def tiered(points, step=1):
        return replace(
            JOINING,
            rule="tiers",
            measures=(MeasurePlan("rate", "base", "入会率", "%", step=D(step), tiers=(TierPlan(D(90), D(points)),)),),
        )

    old, new = (rubric(section("组织", tiered(points), STUDY)) for points in (5, 4))
    (change,) = (item.change for item in compare(old, new).items)
    (measure,) = change.parts
    (tier,) = measure.parts
    assert (change.fields, measure.fields, tier.fields) == ((), (), (FieldChange("points", D(5), D(4)),))
    (judged,) = (item.change for item in compare(rubric(section("组织", JOINING, STUDY)), new).items)
    assert judged.fields == (FieldChange("rule", "judged", "tiers"),)
    assert [part.kind for part in judged.parts] == [Kind.ADDED]


def test_what_holds_for_the_whole():
    old = rubric(
        *OLD.sections,
        columns=(ColumnPlan("text", "内容", 80), ColumnPlan("self", "自评", 15), ColumnPlan("assess", "考评", 15)),
        audiences=(AudiencePlan("street", "街道"),),
        offices=("办公室", "组织部"),
        bands=(BandPlan(2, "合格", D(60)), BandPlan(1, "不合格", D(0))),
    )
    new = replace(
        old,
        subtitle="（修订）",
        columns=(*old.columns[:2], ColumnPlan("assess", "考核得分", 15), ColumnPlan("review", "复核", 15)),
        audiences=(*old.audiences, AudiencePlan("village", "村")),
        offices=("组织部", "办公室"),
        bands=(BandPlan(2, "合格", D(70)), BandPlan(1, "不合格", D(0))),
    )
    found = compare(old, new)
    assert found.facts == (FieldChange("subtitle", "", "（修订）"),)
    assert [(one.kind, one.plan.source) for one in found.columns] == [(Kind.CHANGED, "assess"), (Kind.ADDED, "review")]
    assert [(one.kind, one.plan.kind) for one in found.audiences] == [(Kind.ADDED, "village")]
    assert [(one.kind, one.plan) for one in found.offices] == [(Kind.MOVED, "办公室")]
    assert [one.fields for one in found.bands] == [(FieldChange("lower", D(60), D(70)),)]
    assert found.items == ()


def test_groups_that_share_a_cell_of_points():
    old = rubric(
        SectionPlan("组织", "组织", (GroupPlan((MEETING, JOINING), D(8), "8"), GroupPlan((STUDY,), D(4), "4")))
    )
    other = rubric(
        SectionPlan("组织", "组织", (GroupPlan((MEETING,), D(3), "3"), GroupPlan((JOINING, STUDY), D(9), "9")))
    )
    found = compare(old, other)
    assert [(change.old, change.new) for change in found.groups] == [
        ((old.sections[0].groups[0],), other.sections[0].groups[0]),
        (old.sections[0].groups, other.sections[0].groups[1]),
    ]
    assert found.items == ()
    without = rubric(SectionPlan("组织", "组织", (GroupPlan((JOINING,), D(8), "8"), GroupPlan((STUDY,), D(4), "4"))))
    assert compare(old, without).groups == ()  # the row that went is told among the rows


def test_the_fewest_rows_have_moved():
    assert out_of_order({0: 1, 1: 2, 2: 3, 3: 0}) == {3}
    assert out_of_order({}) == frozenset()


@given(texts(60), texts(60))
def test_marks_give_both_wordings_back(old, new):
    found = marks(old, new)
    assert "".join(one.text for one in found if one.kind != Kind.ADDED) == old
    assert "".join(one.text for one in found if one.kind != Kind.REMOVED) == new


def test_marks_take_numbers_and_words_whole():
    assert marks("缺席一次扣0.5分。", "缺席一次扣1分。") == (
        Mark("", "缺席一次扣"),
        Mark(Kind.REMOVED, "0.5"),
        Mark(Kind.ADDED, "1"),
        Mark("", "分。"),
    )


def test_marks_of_very_long_wordings_are_found_in_reasonable_time():
    old = "".join(chr(0x4E00 + (number * 7919) % 5000) for number in range(30_000))
    new = old[::-1]
    found = marks(old, new)
    assert "".join(one.text for one in found if one.kind != Kind.ADDED) == old
