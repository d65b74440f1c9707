"""Saving marks: every rule, every refusal, all or nothing, and nobody's work lost to somebody else's."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override

from assessments.models import Count, Mark, MarkRevision, Sheet
from assessments.results import contents_of, read_marks
from assessments.services import (
    Forbidden,
    MarksRefused,
    Refused,
    Typed,
    WrongState,
    adopt_marks,
    move,
    save_marks,
    sign_off,
    take_back,
)
from assessments.workflow import Action, Stage, State
from tests import factories as make

pytestmark = pytest.mark.django_db

D = Decimal
SELF, ASSESS, REVIEW = Stage.SELF, Stage.ASSESS, Stage.REVIEW


@pytest.fixture
def cast():
    return make.cast()


def sheet(cast, stage=SELF):
    return Sheet.objects.get(assessment=cast.assessment, stage=stage)


def said(cast, stage=SELF):
    """What the sheet says, by item key."""
    return contents_of(read_marks(cast.rubric, [sheet(cast, stage)])[sheet(cast, stage).pk])


def refused(cast, *typed, by=None, stage=SELF):
    """The refusal of a save, after which everything is as before."""
    before = make.snapshot(cast.assessment)
    with pytest.raises(MarksRefused) as caught:
        save_marks(make.again(by or cast.writer(stage)), cast.assessment, stage, typed)
    assert make.snapshot(cast.assessment) == before
    return caught.value


# --- What a save writes ---


@pytest.mark.parametrize(
    ("key", "typed", "base", "bonus"),
    [
        ("1-1", {"points": "4.5"}, "4.5", "0"),
        ("1-1", {"points": "５．０分"}, "5", "0"),
        ("1-1", {"points": " 2。5 "}, "2.5", "0"),
        ("1-1", {"points": "0"}, "0", "0"),
        ("1-3", {"counts": {"absent": "3"}}, "2.5", "0"),
        ("1-3", {"counts": {"absent": "3次"}}, "2.5", "0"),
        ("1-3", {"counts": {"absent": "100"}}, "0", "0"),
        ("2-1", {"counts": {"rate": "6.5", "team": "4"}}, "10.5", "0"),
        ("2-1", {"counts": {"rate": "6.5"}}, "6.5", "0"),
        ("2-2", {"points": "6", "counts": {"contracts": "7"}}, "6", "1.4"),
        ("2-2", {"counts": {"contracts": "7"}}, "0", "1.4"),
        ("2-3", {"points": "7", "counts": {"yuan": "6,999"}}, "7", "0.4"),
        ("2-3", {"points": "7", "counts": {"yuan": "4000"}}, "7", "0"),
        ("2-3", {"points": "7", "counts": {"yuan": "1000000元"}}, "7", "2"),
        ("3-3", {"counts": {"city": "2"}}, "0", "2"),
        ("3-3", {"counts": {"city": "2", "nation": "1"}}, "0", "5"),
    ],
)
def test_every_rule(cast, key, typed, base, bonus):
    saved = make.save(cast.clerk, cast.assessment, SELF, key, **typed)
    stored = sheet(cast)
    assert (stored.base, stored.bonus, stored.points) == (D(base), D(bonus), D(base) + D(bonus))
    assert (saved.total.points, saved.sheet.points) == (stored.points, stored.points)
    assert list(saved.contents) == [key]
    mark = Mark.objects.get()
    assert (mark.item.key, mark.version, mark.saved_by) == (key, 1, cast.clerk)
    assert MarkRevision.objects.get().by == cast.clerk
    assert stored.saved_at == mark.saved_at


def test_second_save_is_a_second_version_and_keeps_the_first(cast):
    make.save(cast.clerk, cast.assessment, SELF, "2-2", "6", counts={"contracts": "7"})
    make.save(cast.chair, cast.assessment, SELF, "2-2", "5", remark="改")
    mark = Mark.objects.get()
    assert (mark.points, mark.version, mark.saved_by, mark.remark) == (5, 2, cast.chair, "改")
    assert Count.objects.count() == 0
    history = MarkRevision.objects.values_list("version", "points", "counts", "remark", "by")
    assert list(history) == [
        (1, 6, "数量 contracts 7份", "", cast.clerk.pk),
        (2, 5, "", "改", cast.chair.pk),
    ]
    assert sheet(cast).points == 5


def test_unchanged_item_writes_nothing(cast):
    make.save(cast.clerk, cast.assessment, SELF, "2-1", counts={"rate": "8", "team": "3.5"}, remark="好")
    before = make.snapshot(cast.assessment)
    saved = make.save(
        cast.chair, cast.assessment, SELF, "2-1", counts={"rate": "８．０", "team": "3.50"}, remark=" 好 "
    )
    assert not saved.contents
    assert saved.total.points == D("11.5")
    assert make.snapshot(cast.assessment) == before


def test_blank_on_a_blank_item_writes_nothing(cast):
    before = make.snapshot(cast.assessment)
    assert not make.save(cast.clerk, cast.assessment, SELF, "1-1", "  ").contents
    assert make.snapshot(cast.assessment) == before


def test_nothing_typed_writes_nothing(cast):
    before = make.snapshot(cast.assessment)
    assert not save_marks(cast.clerk, cast.assessment, SELF, []).contents
    assert make.snapshot(cast.assessment) == before


def test_blank_is_not_zero(cast):
    assert sheet(cast).points is None
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "0")
    assert (sheet(cast).points, sheet(cast).scored) == (0, 1)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "")
    assert (sheet(cast).points, sheet(cast).scored, Mark.objects.get().points) == (None, 0, None)
    make.save(cast.clerk, cast.assessment, SELF, "1-3", counts={"absent": "0"})
    assert (sheet(cast).points, sheet(cast).scored) == (4, 1)
    make.save(cast.clerk, cast.assessment, SELF, "1-3", counts={"absent": ""})
    assert (sheet(cast).points, sheet(cast).scored, Count.objects.count()) == (None, 0, 0)


def test_remark_alone_is_no_mark(cast):
    make.save(cast.clerk, cast.assessment, SELF, "1-1", remark="待补")
    assert (sheet(cast).points, sheet(cast).scored, said(cast)["1-1"].remark) == (None, 0, "待补")


def test_order_of_entry_does_not_matter():
    totals = set()
    for order in (1, -1):
        cast = make.cast()
        keys = ["1-1", "1-3", "2-1", "2-2", "2-3", "3-3"][::order]
        answers = {
            "1-1": {"points": "3"},
            "1-3": {"counts": {"absent": "2"}},
            "2-1": {"counts": {"rate": "7.5", "team": "2"}},
            "2-2": {"points": "6", "counts": {"contracts": "3"}},
            "2-3": {"points": "1", "counts": {"yuan": "900000"}},
            "3-3": {"counts": {"province": "1", "city": "4"}},
        }
        for key in keys:
            make.save(cast.clerk, cast.assessment, SELF, key, **answers[key])
        totals.add(sheet(cast).points)
    assert totals == {D("3") + 3 + D("9.5") + D("6.6") + 3 + 3}


def test_band_is_stored_with_the_total():
    cast = make.cast(rubric=make.long_rubric(50, bands=make.STARS, stages=2))
    make.fill(cast.clerk, cast.assessment, SELF)
    assert (sheet(cast).points, sheet(cast).band_rank) == (100, 5)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "0")
    for key, points in (("1-2", "0"), ("1-3", "0"), ("1-4", "0"), ("1-5", "0"), ("1-6", "1.5")):
        make.save(cast.clerk, cast.assessment, SELF, key, points)
    assert (sheet(cast).points, sheet(cast).band_rank) == (D("89.5"), 4)


def test_control_characters_do_not_reach_the_remark(cast):
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "1", remark="一\x0b二\r\n三\x00四\t五")
    assert said(cast)["1-1"].remark == "一\n二\n三 四 五"


# --- What is refused, and how ---


@pytest.mark.parametrize("text", ["NaN", "1e1", "1_0", "-0", "½", "②", "٣", "1.", "--", "一", "0x1", "Infinity", "5个"])
def test_no_number(cast, text):
    refusal = refused(cast, Typed("1-1", text))
    assert set(refusal.errors) == {"1-1"}
    assert "1-1" in str(refusal)


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("1-1", {"points": "5.5"}, ("1-1", "5.5", "5")),
        ("1-1", {"points": "0.3"}, ("1-1", "0.3", "0.5")),
        ("1-1", {"points": "-1"}, ("1-1",)),
        ("1-3", {"counts": {"absent": "1.5"}}, ("1-3", "数量 absent", "1.5")),
        ("1-3", {"counts": {"absent": "-1"}}, ("1-3", "数量 absent")),
        ("2-1", {"counts": {"rate": "8.5", "team": "4"}}, ("2-1", "数量 rate", "8")),
        ("2-1", {"counts": {"rate": "8", "team": "4.1"}}, ("2-1", "数量 team", "4.1")),
        ("2-2", {"counts": {"contracts": "9" * 40}}, ("2-2", "数量 contracts")),
        ("1-1", {"points": "1", "remark": "长" * 2001}, ("1-1", "2000")),
        ("1-1", {"not_applicable": True}, ("1-1",)),
        ("1-1", {"not_applicable": True, "reason": "\x0b "}, ("1-1",)),
        ("1-1", {"not_applicable": True, "reason": "长" * 501}, ("1-1", "500")),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sentence_names_the_item_and_the_limit(cast, key, typed, words, language):
    with override(language):
        refusal = refused(cast, Typed(key, **typed))
    assert list(refusal.errors) == [key]
    assert all(word in refusal.errors[key] for word in words), refusal.errors
    assert str(refusal) == refusal.errors[key]
    assert "%(" not in str(refusal)


@pytest.mark.parametrize("count", ["9999999999", "10000000000", "999999999999"])
def test_count_beyond_all_measure_is_refused_with_a_sentence(cast, count):
    """The columns hold no more, and an uncapped bonus of billions is a slip of the finger."""
    refusal = refused(cast, Typed("2-2", "6", {"contracts": count}))
    assert "2-2" in refusal.errors["2-2"]


def test_large_counts_under_a_cap_or_a_floor_are_taken(cast):
    make.save(cast.clerk, cast.assessment, SELF, "2-3", "7", counts={"yuan": "9999999999"})
    make.save(cast.clerk, cast.assessment, SELF, "1-3", counts={"absent": "9999999999"})
    assert sheet(cast).points == 9
    assert MarkRevision.objects.latest("pk").counts == "数量 absent 9999999999次"


def test_all_or_nothing(cast):
    make.save(cast.clerk, cast.assessment, SELF, "1-2", "1")
    refusal = refused(
        cast,
        Typed("1-1", "5"),
        make.typed(cast.assessment, SELF, "1-2", "2"),
        Typed("1-3", counts={"absent": "x"}),
        Typed("3-1", "9"),
    )
    assert set(refusal.errors) == {"1-3", "3-1"}


@pytest.mark.parametrize("key", ["9-9", "", "2-4"])
def test_item_of_another_sheet_or_kind(cast, key):
    before = make.snapshot(cast.assessment)
    with pytest.raises(Forbidden):
        save_marks(cast.clerk, cast.assessment, SELF, [Typed("1-1", "5"), Typed(key, "1")])
    assert make.snapshot(cast.assessment) == before


def test_item_for_this_kind_is_there():
    cast = make.cast(kind="system")
    make.fill(cast.clerk, cast.assessment, SELF)
    assert sheet(cast).points == 43


def test_points_typed_where_a_rule_computes_them_are_not_believed(cast):
    make.save(cast.clerk, cast.assessment, SELF, "1-3", "4", counts={"absent": "8", "unknown": "5"})
    assert (sheet(cast).points, said(cast)["1-3"].points) == (0, None)
    assert said(cast)["1-3"].counts == {"absent": 8}


def test_refusals_can_be_held_in_a_set_and_speak():
    assert len({MarksRefused({"1": "a"}), MarksRefused({"1": "a"})}) == 2
    assert str(MarksRefused({"1": "a", "2": "b"})) == "a b"
    assert "1-1" in str(MarksRefused({}, {"1-1": None}))


# --- Two people, one item ---


def test_conflict_carries_what_the_other_saved(cast):
    make.save(cast.chair, cast.assessment, SELF, "1-1", "3", remark="主席")
    refusal = refused(cast, Typed("1-1", "4", version=0), by=cast.clerk)
    theirs = refusal.conflicts["1-1"]
    assert (theirs.content.points, theirs.content.remark, theirs.version) == (3, "主席", 1)
    assert (theirs.saved_by, refusal.errors) == (cast.chair.pk, {})
    assert "1-1" in str(refusal)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "4", version=theirs.version)
    assert said(cast)["1-1"].points == 4


def test_no_conflict_where_both_typed_the_same(cast):
    make.save(cast.chair, cast.assessment, SELF, "1-1", "3")
    before = make.snapshot(cast.assessment)
    assert not save_marks(cast.clerk, cast.assessment, SELF, [Typed("1-1", "3.0", version=0)]).contents
    assert make.snapshot(cast.assessment) == before


def test_conflict_on_one_item_saves_none(cast):
    make.save(cast.chair, cast.assessment, SELF, "1-1", "3")
    refusal = refused(cast, Typed("1-1", "4"), Typed("1-2", "3"), by=cast.clerk)
    assert list(refusal.conflicts) == ["1-1"]


def test_version_from_the_future_is_a_conflict(cast):
    make.save(cast.chair, cast.assessment, SELF, "1-1", "3")
    for version in (7, 10**30):
        assert list(refused(cast, Typed("1-1", "4", version=version)).conflicts) == ["1-1"]


def test_whole_sheet_posted_without_script_leaves_others_newer_marks_alone(cast):
    """The clerk opened the page, the chair saved three items, the clerk changes a fourth and posts all of them."""
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "3", remark="旧")
    make.save(cast.clerk, cast.assessment, SELF, "2-1", counts={"rate": "1", "team": "2"})
    page = [
        make.typed(cast.assessment, SELF, "1-1", "3", remark="旧"),
        make.typed(cast.assessment, SELF, "1-2"),
        make.typed(cast.assessment, SELF, "2-1", counts={"rate": "1", "team": "2"}),
        make.typed(cast.assessment, SELF, "3-1", "1.5"),
    ]
    make.save(cast.chair, cast.assessment, SELF, "1-1", "5", remark="新")
    make.save(cast.chair, cast.assessment, SELF, "1-1", "4.5", remark="新")
    make.save(cast.chair, cast.assessment, SELF, "1-2", "2")
    make.save(cast.chair, cast.assessment, SELF, "2-1", counts={"rate": "8", "team": "4"})
    saved = save_marks(cast.clerk, cast.assessment, SELF, page)
    assert list(saved.contents) == ["3-1"]
    assert sheet(cast).points == D("4.5") + 2 + 12 + D("1.5") == saved.total.points
    touched = [Typed("1-1", "2", version=1), *page[1:]]
    assert list(refused(cast, *touched, by=cast.clerk).conflicts) == ["1-1"]


# --- What does not apply ---


def test_not_applicable_takes_the_place_of_a_mark(cast):
    make.save(cast.clerk, cast.assessment, SELF, "2-1", counts={"rate": "8", "team": "4"})
    make.save(cast.clerk, cast.assessment, SELF, "2-1", "3", counts={"rate": "8"}, not_applicable=True, reason="无")
    content = said(cast)["2-1"]
    assert (content.points, content.counts, content.not_applicable, content.reason) == (None, {}, True, "无")
    assert (sheet(cast).applicable, sheet(cast).required) == (28, 7)
    make.save(cast.clerk, cast.assessment, SELF, "2-1", counts={"rate": "8", "team": "4"}, reason="不再算数")
    assert said(cast)["2-1"].reason == ""
    assert (sheet(cast).applicable, sheet(cast).required) == (40, 8)


def test_later_stages_only_consent(cast):
    make.fill(cast.clerk, cast.assessment, SELF)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", not_applicable=True, reason="没有职工大会")
    make.services.move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    refusal = refused(cast, Typed("1-2", not_applicable=True, reason="我看也是"), stage=ASSESS)
    assert "1-2" in refusal.errors["1-2"]
    make.save(cast.assessor, cast.assessment, ASSESS, "1-1", not_applicable=True)
    assert said(cast, ASSESS)["1-1"].reason == "没有职工大会"
    make.save(cast.assessor, cast.assessment, ASSESS, "1-1", "2")
    assert said(cast, ASSESS)["1-1"].points == 2


def test_withdrawn_claim_must_get_a_mark_before_the_sheet_goes_on(cast):
    make.fill(cast.clerk, cast.assessment, SELF)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", not_applicable=True, reason="没有")
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    make.fill(cast.assessor, cast.assessment, ASSESS)
    make.save(cast.assessor, cast.assessment, ASSESS, "1-1", not_applicable=True)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="其实有", items=["1-1"])
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "4")
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    make.sign_all(cast.assessor, cast.assessment)
    with pytest.raises(Refused, match="1-1"):
        move(make.again(cast.assessor), cast.assessment, Action.FORWARD)
    take_back(make.again(cast.assessor), cast.assessment, cast.office)
    make.save(cast.assessor, cast.assessment, ASSESS, "1-1", "4")
    make.sign_all(cast.assessor, cast.assessment)
    move(make.again(cast.assessor), cast.assessment, Action.FORWARD)


# --- Departments ---


def test_department_marks_only_its_own_items(cast):
    make.bring_to(cast, State.ASSESSING)
    make.save(cast.department_assessor, cast.assessment, ASSESS, "1-1", "3")
    make.save(cast.staff_assessor, cast.assessment, ASSESS, "2-3", "3")  # by its alias, and jointly with another
    before = make.snapshot(cast.assessment)
    for by, key in ((cast.department_assessor, "2-1"), (cast.staff_assessor, "1-1"), (cast.department_assessor, "3-1")):
        with pytest.raises(Forbidden, match=key):
            save_marks(make.again(by), cast.assessment, ASSESS, [make.typed(cast.assessment, ASSESS, key, "1")])
    with pytest.raises(Forbidden):  # one foreign item and none is written
        save_marks(
            make.again(cast.department_assessor), cast.assessment, ASSESS, [Typed("1-2", "1"), Typed("3-1", "1")]
        )
    assert make.snapshot(cast.assessment) == before
    make.save(cast.assessor, cast.assessment, ASSESS, "3-1", "1")


def test_person_of_two_departments_marks_for_both(cast):
    make.bring_to(cast, State.ASSESSING)
    role = make.Role.DEPARTMENT_ASSESSOR
    both = make.person((cast.county, role, cast.office), (cast.county, role, cast.staff))
    save_marks(both, cast.assessment, ASSESS, [Typed("1-1", "3"), Typed("2-2", "3")])
    assert set(said(cast, ASSESS)) == {"1-1", "2-2"}


def test_sign_off_closes_the_departments_items_until_it_is_taken_back(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.department_assessor, cast.assessment, ASSESS)
    sign_off(make.again(cast.department_assessor), cast.assessment, cast.office)
    before = make.snapshot(cast.assessment)
    for by in (cast.department_assessor, cast.assessor):
        with pytest.raises(WrongState, match="1-1"):
            make.save(by, cast.assessment, ASSESS, "1-1", "1")
    with pytest.raises(WrongState):
        sign_off(make.again(cast.assessor), cast.assessment, cast.office)
    assert make.snapshot(cast.assessment) == before
    make.save(cast.staff_assessor, cast.assessment, ASSESS, "2-2", "1")
    take_back(make.again(cast.department_assessor), cast.assessment, cast.office)
    make.save(cast.department_assessor, cast.assessment, ASSESS, "1-1", "1")
    with pytest.raises(WrongState):
        take_back(make.again(cast.department_assessor), cast.assessment, cast.office)


def test_joint_item_is_closed_as_soon_as_one_of_its_departments_signs(cast):
    press = make.department(cast.county, make.PRESS, position=3)
    press_assessor = make.person((cast.county, make.Role.DEPARTMENT_ASSESSOR, press))
    make.bring_to(cast, State.ASSESSING)
    make.save(cast.staff_assessor, cast.assessment, ASSESS, "2-3", "6")
    sign_off(press_assessor, cast.assessment, press)
    with pytest.raises(WrongState, match="2-3"):
        make.save(cast.staff_assessor, cast.assessment, ASSESS, "2-3", "7")


def test_who_signs_for_a_department(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, ASSESS)
    foreign = make.department(cast.other_county, make.OFFICE)
    idle = make.department(cast.county, "后勤部")
    before = make.snapshot(cast.assessment)
    for by, department in (
        (cast.staff_assessor, cast.office),
        (cast.stranger, cast.office),
        (cast.reviewer, cast.office),
        (cast.chair, cast.office),
        (cast.admin, cast.office),
        (cast.assessor, foreign),
        (cast.assessor, idle),
    ):
        with pytest.raises(Forbidden):
            sign_off(make.again(by), cast.assessment, department)
    assert make.snapshot(cast.assessment) == before
    sign_off(make.again(cast.assessor), cast.assessment, cast.office)
    sign_off(make.again(cast.staff_assessor), cast.assessment, cast.staff)
    with pytest.raises(Forbidden):
        take_back(make.again(cast.department_assessor), cast.assessment, cast.staff)


def test_sign_off_only_while_the_assess_sheet_is_open(cast):
    with pytest.raises(WrongState):
        sign_off(make.again(cast.assessor), cast.assessment, cast.office)
    make.bring_to(cast, State.REVIEWING)
    with pytest.raises(WrongState):
        take_back(make.again(cast.assessor), cast.assessment, cast.office)


# --- Sent back ---


def test_limited_send_back_opens_only_the_named_items(cast):
    make.bring_to(cast, State.ASSESSING)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="缺", items=["1-1", "3-3"])
    before = make.snapshot(cast.assessment)
    with pytest.raises(WrongState, match="1-2"):
        save_marks(cast.clerk, cast.assessment, SELF, [make.typed(cast.assessment, SELF, "1-2", "1")])
    both = [make.typed(cast.assessment, SELF, key, "1") for key in ("1-1", "1-2")]
    with pytest.raises(WrongState, match="1-2"):
        save_marks(cast.clerk, cast.assessment, SELF, both)
    assert make.snapshot(cast.assessment) == before
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "2")
    make.save(cast.clerk, cast.assessment, SELF, "3-3", counts={"city": "1"})
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="全部")
    make.save(cast.clerk, cast.assessment, SELF, "1-2", "1")


def test_reopening_may_name_items_too():
    cast = make.cast(stages=2)
    make.bring_to(cast, State.FINAL)
    move(make.again(cast.reviewer), cast.assessment, Action.REOPEN, reason="复查", items=["2-1"])
    make.save(cast.assessor, cast.assessment, ASSESS, "2-1", counts={"rate": "1", "team": "1"})
    with pytest.raises(WrongState):
        make.save(cast.assessor, cast.assessment, ASSESS, "1-1", "1")


# --- Nobody assesses what they filled in ---


def test_nobody_assesses_what_they_filled_in(cast):
    turncoat = make.person((cast.township, make.Role.CLERK))
    make.fill(turncoat, cast.assessment, SELF)
    make.bring_to(cast, State.ASSESSING)
    turncoat.memberships.all().delete()
    make.Membership.objects.create(user=turncoat, organization=cast.county, role=make.Role.ASSESSOR)
    for act in (
        lambda by: make.save(by, cast.assessment, ASSESS, "1-1", "1"),
        lambda by: make.services.adopt_marks(by, cast.assessment, ASSESS),
        lambda by: move(by, cast.assessment, Action.SEND_BACK, reason="理由"),
        lambda by: sign_off(by, cast.assessment, cast.office),
    ):
        with pytest.raises(Forbidden):
            act(make.again(turncoat))
    neighbour = cast.cycle.assessments.get(organization=cast.neighbour)
    make.bring_to(_about(cast, neighbour), State.ASSESSING)
    make.save(turncoat, neighbour, ASSESS, "1-1", "1")


def _about(cast, assessment):
    """The same cast, with a chair for another organisation's assessment."""
    chair = make.person((assessment.organization, make.Role.CHAIR))
    return replace(cast, assessment=assessment, chair=chair)


def test_who_submitted_or_gave_evidence_does_not_assess(cast):
    make.bring_to(cast, State.ASSESSING)
    cast.chair.memberships.all().delete()
    make.Membership.objects.create(user=cast.chair, organization=cast.county, role=make.Role.ASSESSOR)
    MarkRevision.objects.filter(by=cast.chair).update(by=cast.clerk)
    with pytest.raises(Forbidden):
        make.save(cast.chair, cast.assessment, ASSESS, "1-1", "1")


def test_clerk_of_the_organisation_does_not_assess_it_under_another_hat(cast):
    make.bring_to(cast, State.ASSESSING)
    both = make.person((cast.township, make.Role.CLERK), (cast.county, make.Role.ASSESSOR))
    with pytest.raises(Forbidden):
        make.save(both, cast.assessment, ASSESS, "1-1", "1")


# --- Taking over the earlier stage's marks ---


def test_adopted_marks_fill_only_what_is_blank(cast):
    make.fill(cast.clerk, cast.assessment, SELF)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "4", remark="自评说明")
    make.save(cast.clerk, cast.assessment, SELF, "1-2", not_applicable=True, reason="没有")
    make.save(cast.clerk, cast.assessment, SELF, "3-3", counts={"city": "1"})
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    make.save(cast.assessor, cast.assessment, ASSESS, "3-1", "0")
    make.save(cast.assessor, cast.assessment, ASSESS, "3-2", remark="待查")
    saved = adopt_marks(make.again(cast.assessor), cast.assessment, ASSESS)
    now = said(cast, ASSESS)
    assert set(saved.contents) == {"1-1", "1-3", "2-1", "2-2", "2-3", "3-2", "3-3"}
    assert (now["1-1"].points, now["1-1"].remark) == (4, "")
    assert (now["3-1"].points, now["3-2"].points, now["3-2"].remark) == (0, D("1.5"), "待查")
    assert now["2-1"].counts == {"rate": 8, "team": 4}
    assert "1-2" not in now  # that it does not apply is agreed to item by item
    before = make.snapshot(cast.assessment)
    assert not adopt_marks(make.again(cast.assessor), cast.assessment, ASSESS).contents
    assert make.snapshot(cast.assessment) == before


def test_adopting_stays_within_the_department_and_its_open_items(cast):
    make.bring_to(cast, State.ASSESSING)
    saved = adopt_marks(make.again(cast.department_assessor), cast.assessment, ASSESS)
    assert set(saved.contents) == {"1-1", "1-2", "1-3"}
    sign_off(make.again(cast.department_assessor), cast.assessment, cast.office)
    Mark.objects.filter(sheet__stage=ASSESS, item__key="1-1").update(points=None)
    assert "1-1" not in adopt_marks(make.again(cast.assessor), cast.assessment, ASSESS).contents


def test_reviewer_adopts_agreed_claims_with_the_rest(cast):
    make.fill(cast.clerk, cast.assessment, SELF)
    make.save(cast.clerk, cast.assessment, SELF, "1-1", not_applicable=True, reason="没有")
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    make.fill(cast.assessor, cast.assessment, ASSESS)
    make.save(cast.assessor, cast.assessment, ASSESS, "1-1", not_applicable=True)
    make.sign_all(cast.assessor, cast.assessment)
    move(make.again(cast.assessor), cast.assessment, Action.FORWARD)
    adopt_marks(make.again(cast.reviewer), cast.assessment, REVIEW)
    assert said(cast, REVIEW)["1-1"].not_applicable
    assert sheet(cast, REVIEW).points == sheet(cast, ASSESS).points
    move(make.again(cast.reviewer), cast.assessment, Action.CONFIRM)


def test_adopting_is_refused_like_saving(cast):
    with pytest.raises(WrongState):
        adopt_marks(make.again(cast.chair), cast.assessment, SELF)
    with pytest.raises(WrongState):
        adopt_marks(make.again(cast.assessor), cast.assessment, ASSESS)
    make.bring_to(cast, State.ASSESSING)
    for by in (cast.chair, cast.stranger, cast.reviewer, cast.admin, cast.auditor, cast.superuser):
        with pytest.raises(Forbidden):
            adopt_marks(make.again(by), cast.assessment, ASSESS)
