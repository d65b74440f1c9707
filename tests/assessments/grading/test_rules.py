"""The rules of a cycle: set by administrators, said in words, fixed by the first snapshot."""

from dataclasses import replace

import pytest
from django.utils import timezone

from assessments.cycle_changes import changes_of
from assessments.grading import rules_in_words
from assessments.models import Snapshot
from assessments.services import Forbidden, Refused, WrongState
from assessments.services.grading import Rules, change_rules
from tests.assessments.grading.cohort import D, cohort
from tests.factories import again

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_change_is_said_in_words():
    people = cohort({"甲": "90"})
    before = Rules.of(people.now())
    assert rules_in_words(people.now()) == [
        "The best band: at most 20 % of “Organisations with a final result”, all kinds together, rounded down.",
        "There is no limit to how far stages differ.",
        "Public notice: 10 calendar days.",
        "An objection is settled within 10 calendar days.",
    ]
    after = replace(
        before,
        quota_share=D("0.15"),
        quota_base="all",
        quota_per_kind=True,
        item_tolerance=D("1.5"),
        total_tolerance=D(0),
        tolerance_asks="third_opinion",
        notice_days=5,
        notice_count="working",
    )
    assert change_rules(again(people.admin), people.cycle, after) == [
        "The best band: at most 15 % of “All organisations of the cycle”, for each kind by itself, rounded down.",
        "An item may differ from the stage before by up to 1.5 points.",
        "A total may differ from the stage before by up to 0 points.",
        "Beyond that a third person has to give an opinion.",
        "Public notice: 5 working days.",
    ]
    assert Rules.of(people.now()) == after
    assert change_rules(again(people.admin), people.cycle, after) == []
    kept = {one.field: (one.by, one.old, one.new) for one in people.cycle.changes.all()}
    assert kept == {
        "quota_share": (people.admin, "0.2", "0.15"),
        "quota_base": (people.admin, "final", "all"),
        "quota_per_kind": (people.admin, "False", "True"),
        "item_tolerance": (people.admin, "", "1.5"),
        "total_tolerance": (people.admin, "", "0"),
        "tolerance_asks": (people.admin, "reason", "third_opinion"),
        "notice_days": (people.admin, "10", "5"),
        "notice_count": (people.admin, "calendar", "working"),
    }
    assert {one.field: (one.old, one.new) for one in changes_of(people.cycle)} == {
        "quota of the best band": ("20 %", "15 %"),
        "base of the quota": ("Organisations with a final result", "All organisations of the cycle"),
        "seats for each kind of organisation": ("no", "yes"),
        "tolerance of an item": ("—", "1.5"),
        "tolerance of the total": ("—", "0"),
        "beyond the tolerance": ("A reason", "The opinion of a third person"),
        "days of public notice": ("10", "5"),
        "what days of public notice are counted": ("Calendar days", "Working days"),
    }
    with pytest.raises(TypeError):
        people.cycle.changes.update(old="0.1")
    assert change_rules(again(people.admin), people.cycle, replace(after, quota_share=None))[0] == (
        "The best band has no quota."
    )


def test_rules_are_changed_by_administrators_within_bounds_until_something_is_published():
    people = cohort({"甲": "90"})
    rules = Rules.of(people.now())
    with pytest.raises(Forbidden):
        change_rules(again(people.reviewer), people.cycle, rules)
    wrong = {
        "quota_share": [D(0), D("1.01")],
        "item_tolerance": [D(-1)],
        "total_tolerance": [D(10_000)],
        "notice_days": [0, 91],
        "recheck_days": [0],
        "quota_base": ["none"],
        "tolerance_asks": [""],
        "recheck_count": ["lunar"],
    }
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(Refused):
                change_rules(again(people.admin), people.cycle, replace(rules, **{name: value}))
    assert Rules.of(people.now()) == rules
    Snapshot.objects.create(cycle=people.cycle, number=1, at=timezone.now(), by=people.admin, digest="0" * 64)
    with pytest.raises(WrongState, match="published by these rules"):
        change_rules(again(people.admin), people.cycle, replace(rules, notice_days=5))
