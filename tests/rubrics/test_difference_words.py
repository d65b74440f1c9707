"""A difference as its page shows it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

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
)
from rubrics.difference import Kind, compare
from rubrics.difference.marks import Mark
from rubrics.difference.words import Entry, FieldWords, areas

D = Decimal
RATE = MeasurePlan("rate", "base", "入会率", "%", tiers=(TierPlan(D(90), D(5)), TierPlan(D(80), D(3))))
MEETING = ItemPlan("1-1", "按时参加上级工会会议。", D(3), offices=("办公室",))
JOINING = ItemPlan("1-2", "依法建立工会，职工入会率达标。", D(5), rule="tiers", measures=(RATE,))
OLD = Blueprint(
    "标准",
    (SectionPlan("组织", "组织8分", (GroupPlan((MEETING, JOINING)),), D(8)),),
    columns=(ColumnPlan("text", "内容", 80),),
    audiences=(AudiencePlan("street", "街道"), AudiencePlan("village", "村")),
    offices=("办公室", "组织部"),
    bands=(BandPlan(1, "合格", D(6)),),
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(new, old=OLD):
    found = areas(compare(old, new), {"street": "街道", "village": "村"})
    return {area.title: (area.fields, area.entries) for area in found}


def with_items(*items, **section):
    return replace(OLD, sections=(replace(OLD.sections[0], groups=(GroupPlan(items),), **section),))


def test_equal_rubrics_have_nothing_to_tell():
    assert told(OLD) == {}


def test_facts_are_said_in_the_words_of_the_screen():
    changed = replace(OLD, subtitle="（修订）", total_policy="scaled", declared_total=D(8), step=D("0.1"))
    assert told(changed) == {
        "The whole": (
            (
                FieldWords("Subtitle", "—", "（修订）"),
                FieldWords("Declared total", "—", "8"),
                FieldWords("Total policy", "As printed", "Scaled to the declared total"),
                FieldWords("Step", "0.5", "0.1"),
            ),
            (),
        )
    }


def test_wordings_are_marked_and_choices_are_not():
    meeting = replace(
        MEETING, text="按时参加市总工会会议。", offices=("组织部",), kinds=frozenset({"village"}), points=D(4)
    )
    assert told(with_items(meeting, JOINING)) == {
        "Items": (
            (),
            (
                Entry(
                    Kind.CHANGED,
                    "组织 · 1-1",
                    fields=(
                        FieldWords(
                            "Wording",
                            "按时参加上级工会会议。",
                            "按时参加市总工会会议。",
                            (
                                Mark("", "按时参加"),
                                Mark(Kind.REMOVED, "上级"),
                                Mark(Kind.ADDED, "市总"),
                                Mark("", "工会会议。"),
                            ),
                        ),
                        FieldWords("Points", "3", "4"),
                        FieldWords("Applies to", "all", "村"),
                        FieldWords("Responsible departments", "办公室", "组织部"),
                    ),
                ),
            ),
        )
    }


def test_rules_are_told_down_to_their_tiers():
    joining = replace(JOINING, measures=(replace(RATE, tiers=(TierPlan(D(95), D(5)), TierPlan(D(80), D(2)))),))
    ((_fields, (entry,)),) = told(with_items(MEETING, joining)).values()
    assert entry == Entry(
        Kind.CHANGED,
        "组织 · 1-2",
        JOINING.text,
        parts=(
            Entry(
                Kind.CHANGED,
                "入会率",
                parts=(
                    Entry(Kind.REMOVED, "Bound 90", "5 points"),
                    Entry(Kind.ADDED, "Bound 95", "5 points"),
                    Entry(Kind.CHANGED, "Bound 80", fields=(FieldWords("Points", "3", "2"),)),
                ),
            ),
        ),
    )


def test_rows_that_come_go_and_move():
    new = ItemPlan("1-3", "组织职工疗休养。", D(2))
    assert told(with_items(JOINING, MEETING, new))["Items"][1] == (
        Entry(Kind.MOVED, "组织 · 1-1", f"{MEETING.text}（3）", moved=True),
        Entry(Kind.ADDED, "组织 · 1-3", "组织职工疗休养。（2）"),
    )
    assert told(with_items(replace(JOINING, key="1-1")))["Items"][1] == (
        Entry(Kind.REMOVED, "组织 · 1-1", f"{MEETING.text}（3）"),
        Entry(
            Kind.CHANGED,
            "组织 · 1-2 → 1-1",
            JOINING.text,
            fields=(FieldWords("Key", "1-2", "1-1", (Mark("", "1-"), Mark(Kind.REMOVED, "2"), Mark(Kind.ADDED, "1"))),),
        ),
    )


def test_groups_columns_bands_kinds_and_limits():
    changed = replace(
        OLD,
        sections=(replace(OLD.sections[0], groups=(GroupPlan((MEETING, JOINING), D(8), "8分"),)),),
        columns=(replace(OLD.columns[0], added=True),),
        audiences=OLD.audiences[:1],
        offices=("组织部",),
        bands=(replace(OLD.bands[0], quota=D("0.2")),),
        caps=(CapPlan("奖励", D(3)),),
    )
    assert told(changed) == {
        "Group points": (
            (),
            (
                Entry(
                    Kind.CHANGED,
                    "1-1、1-2",
                    fields=(FieldWords("Group points", "1-1、1-2", "1-1、1-2：8"),),
                ),
            ),
        ),
        "Columns": ((), (Entry(Kind.CHANGED, "Item", fields=(FieldWords("Added by the software", "no", "yes"),)),)),
        "Bands": ((), (Entry(Kind.CHANGED, "合格", fields=(FieldWords("Quota share", "—", "20 %"),)),)),
        "For": ((), (Entry(Kind.REMOVED, "村"),)),
        "Responsible departments": ((), (Entry(Kind.REMOVED, "办公室"),)),
        "Common limits": ((), (Entry(Kind.ADDED, "奖励"),)),
    }
