"""Seed, population, names: each step final, refused out of turn, and nothing half-written."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.chain import breaks
from assessments.draws.drawing import digest_of, rank_of
from assessments.draws.drawn import checks, layers, population_text
from assessments.draws.population import members_of, population
from assessments.draws.reviewing import by_assessor, compared, item_gaps, reviewed, to_review
from assessments.models import (
    Assessment,
    Draw,
    DrawMember,
    DrawPurpose,
    DrawRound,
    DrawState,
    Message,
    SectionResult,
    Sheet,
    Step,
    What,
)
from assessments.services import Forbidden, Refused, WrongState, draws, move
from assessments.services.calling_up import call_up
from assessments.tallies import FIELDS, rolled_up
from assessments.workflow import Action, Stage, State, Warrant
from orgs.roles import Role
from orgs.services import NewOrganization, bulk_create_organizations
from tests import factories as make
from tests.assessments.draws import hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Three townships of one county and one of another, all final, by a rubric of two stages."""
    return hold.finished()


def stored():
    return [sorted(model.objects.values_list()) for model in (Draw, DrawMember, DrawRound, Assessment, Sheet)]


def refused(kind, act, *args, match="."):
    before = stored()
    with pytest.raises(kind, match=match) as caught:
        act(*args)
    assert caught.type is kind
    assert stored() == before


def test_a_draw_from_seed_to_names(people):
    draw = hold.seeded(people)
    assert (draw.number, draw.purpose, draw.state) == (1, DrawPurpose.SPOT_CHECK, DrawState.SEEDED)
    draw = draws.freeze_population(make.again(people.admin), draw)
    finals = people.cycle.assessments.select_related("kind", "assessor")
    county = {one.pk: one.assessor.name for one in finals}
    lines = sorted(f"{one.kind.name} / {county[one.pk]}\t{one.pk}\t{one.name}" for one in finals)
    assert population_text(draw) == "\n".join(lines)
    assert draw.digest == digest_of("\n".join(lines))
    members = {one.key: one for one in members_of(draw)}
    assert {key: rank_of(draw.digest, "03 11 17", one) for key, one in members.items()} == dict(
        draw.members.values_list("key", "rank")
    )
    pulled = draws.draw_names(make.again(people.reviewer), draw)
    assert sorted((one.size, one.seats) for one in layers(draw)) == [(1, 1), (3, 1)]
    names = hold.names_drawn(draw)
    for layer in layers(draw):
        ranked = draw.members.filter(stratum=layer.name).order_by("rank")[: layer.seats]
        assert {one.pk for one in ranked} == {one.pk for one in names if one.stratum == layer.name}
        assert layer.seats == layer.drawn >= 1
    for one in names:
        assert (one.drawn_in, one.assessment.state, one.assessment.stages) == (pulled, State.REVIEWING, 3)
        assert one.assessment.steps.latest("number").reason == "Spot check 1"
        assert breaks(one.assessment) == []
    untouched = people.cycle.assessments.exclude(pk__in=[one.assessment_id for one in names])
    assert {(one.state, one.stages) for one in untouched} == {(State.FINAL, 2)}
    draw.refresh_from_db()
    assert draw.state == DrawState.DRAWN
    assert all(one.agrees for one in checks(draw))


@pytest.mark.any_database
def test_each_step_in_its_turn_and_once(people):
    reviewer = make.again(people.reviewer)
    draw = hold.seeded(people)
    one = people.cycle.assessments.first()
    refused(WrongState, draws.draw_names, reviewer, draw, match="Seed fixed")
    refused(WrongState, draws.redraw, reviewer, draw, [1], "x")
    draws.freeze_population(reviewer, draw)
    for act in (
        lambda: draws.freeze_population(reviewer, draw),
        lambda: draws.exclude(reviewer, draw, one, "已撤销"),
        lambda: draws.include(reviewer, draw, one),
        lambda: draws.redraw(reviewer, draw, [1], "x"),
    ):
        refused(WrongState, act, match="Population frozen")
    draws.draw_names(reviewer, draw)
    refused(WrongState, draws.draw_names, reviewer, draw, match="Drawn")


@pytest.mark.any_database
def test_terms_that_are_no_terms(people):
    for changes, match in (
        ({"share": Decimal(0)}, "percentage"),
        ({"share": Decimal("1.01")}, "percentage"),
        ({"share": Decimal("0.12345")}, "percentage"),
        ({"seed": " \x0b"}, "seed"),
        ({"seed": "长" * 201}, "Too long"),
        ({"seed_source": ""}, "comes from"),
    ):
        refused(Refused, draws.fix_seed, make.again(people.reviewer), people.cycle, hold.terms(**changes), match=match)


@pytest.mark.any_database
def test_who_draws(people):
    draw = hold.seeded(people)
    one = people.cycle.assessments.first()
    for name in ("clerk", "chair", "assessor", "department_assessor", "auditor", "stranger", "superuser", "unposted"):
        somebody = make.again(getattr(people, name))
        refused(Forbidden, draws.fix_seed, somebody, people.cycle, hold.terms())
        refused(Forbidden, draws.exclude, somebody, draw, one, "理由")
        refused(Forbidden, draws.freeze_population, somebody, draw)
    draws.freeze_population(make.again(people.reviewer), draw)
    refused(Forbidden, draws.draw_names, make.again(people.auditor), draw)


def test_who_is_left_out_is_never_drawn_and_printed_with_the_reason(people):
    reviewer = make.again(people.reviewer)
    draw = hold.seeded(people, share=Decimal(1), by_kind=False, by_county=False)
    first, second, third = people.cycle.assessments.order_by("pk")[:3]
    for one in (first, second):
        draws.exclude(reviewer, draw, one, " 上月刚\n检查过 ")
    draws.exclude(reviewer, draw, first, "已整体\t撤并")
    draws.include(reviewer, draw, second)
    refused(Refused, draws.exclude, reviewer, draw, third, "  ", match="reason")
    refused(Refused, draws.exclude, reviewer, draw, third, "长" * 301, match="Too long")
    refused(Refused, draws.exclude, reviewer, draw, Assessment.objects.exclude(cycle=people.cycle).first(), "理由")
    draws.freeze_population(reviewer, draw)
    draws.draw_names(reviewer, draw)
    assert draw.members.get(assessment=first).excluded_for == "已整体 撤并"
    everybody = set(people.cycle.assessments.values_list("pk", flat=True))
    assert {one.assessment_id for one in hold.names_drawn(draw)} == everybody - {first.pk}
    assert str(first.pk) in {one.key for one in members_of(draw)}
    draw.refresh_from_db()
    assert all(one.agrees for one in checks(draw))


@pytest.mark.any_database
def test_nobody_left_to_draw_from(people):
    draw = hold.seeded(people)
    for one in people.cycle.assessments.all():
        draws.exclude(make.again(people.reviewer), draw, one, "理由")
    refused(Refused, draws.freeze_population, make.again(people.reviewer), draw, match="Nobody")
    empty = make.cast(stages=2)
    refused(WrongState, draws.fix_seed, make.again(empty.reviewer), empty.cycle, hold.terms(), match="nobody")


@pytest.mark.any_database
def test_names_are_drawn_all_or_none(people):
    draw = hold.frozen(people, share=Decimal(1))
    one = people.cycle.assessments.order_by("pk").last()
    move(make.again(people.reviewer), one, Action.REOPEN, reason="复查")
    refused(WrongState, draws.draw_names, make.again(people.reviewer), draw, match=one.name)


@pytest.mark.any_database
def test_who_fills_in_a_drawn_sheet_does_not_draw_it(people):
    draw = hold.frozen(people, share=Decimal(1))
    both = make.person((people.city, "reviewer"), (people.township, "clerk"))
    refused(Forbidden, draws.draw_names, both, draw, match=people.township.name)


def test_redraw_takes_the_next_rank_and_gives_the_result_back(people):
    reviewer = make.again(people.reviewer)
    before = {one.pk: (one.points, one.official_stage, one.stages) for one in people.cycle.assessments.all()}
    draw = hold.drawn(people, share=Decimal("0.3"))
    gone = next(one for one in hold.names_drawn(draw) if one.assessment.path.startswith(people.county.path))
    called = gone.assessment
    assert (called.official_stage, called.points) == (Stage.ASSESS, before[called.pk][0])
    expected = draw.members.filter(stratum=gone.stratum, drawn_in=None).order_by("rank").first()
    pulled = draws.redraw(reviewer, draw, [gone.pk], "已整建制撤并")
    gone.refresh_from_db()
    expected.refresh_from_db()
    assert (gone.dropped_in, expected.drawn_in) == (pulled, pulled)
    assert (pulled.number, pulled.reason) == (2, "已整建制撤并")
    called.refresh_from_db()
    assert (called.points, called.official_stage, called.stages) == before[called.pk]
    assert (called.state, called.sheets.filter(stage=Stage.REVIEW).exists()) == (State.FINAL, False)
    assert breaks(called) == breaks(expected.assessment) == []
    assert expected.assessment.state == State.REVIEWING
    assert all(one.agrees for one in checks(draw))
    refused(Refused, draws.redraw, reviewer, draw, [gone.pk], "再来", match="not replaced yet")
    refused(Refused, draws.redraw, reviewer, draw, [expected.pk], " ", match="reason")
    refused(Refused, draws.redraw, reviewer, draw, [], "理由", match="Choose")


def test_a_review_that_has_begun_is_not_replaced(people):
    draw = hold.drawn(people)
    one, other = hold.names_drawn(draw)
    make.save(people.reviewer, one.assessment, Stage.REVIEW, "1-1", "1")
    refused(
        WrongState, draws.redraw, make.again(people.reviewer), draw, [one.pk, other.pk], "理由", match=f": {one.name}."
    )
    draws.redraw(make.again(people.reviewer), draw, [other.pk], "理由")


@pytest.mark.any_database
def test_an_empty_stratum_leaves_its_seat_empty(people):
    draw = hold.drawn(people, share=Decimal(1))
    one = hold.names_drawn(draw)[0]
    draws.redraw(make.again(people.reviewer), draw, [one.pk], "已撤销")
    assert [layer.empty for layer in layers(draw) if layer.name == one.stratum] == [1]
    assert all(check.agrees for check in checks(draw))


@pytest.mark.any_database
def test_called_up_again_and_let_go_keeps_the_review_of_the_first_time(people):
    first = hold.drawn(people, share=Decimal(1))
    one = hold.names_drawn(first)[0].assessment
    for member in hold.names_drawn(first):
        hold.review(people, member.assessment, "1", "0.5")
    second = hold.drawn(people, share=Decimal(1))
    member = second.members.get(assessment=one)
    draws.redraw(make.again(people.reviewer), second, [member.pk], "刚复核过")
    one.refresh_from_db()
    assert (one.state, one.stages, one.official_stage, one.points) == (State.FINAL, 3, Stage.REVIEW, Decimal("1.5"))
    assert breaks(one) == []


@pytest.mark.any_database
def test_three_stages_are_reviewed_once_more():
    people = hold.finished(stages=3, counties=(0, 0))
    draw = hold.drawn(people, share=Decimal(1))
    one, *others = hold.names_drawn(draw)
    draws.redraw(make.again(people.reviewer), draw, [others[0].pk], "已撤销")
    let_go = Assessment.objects.get(pk=others[0].assessment_id)
    assert (let_go.state, let_go.stages, let_go.official_stage, let_go.points) == (State.FINAL, 3, Stage.REVIEW, 4)
    hold.review(people, one.assessment, "1", "1")
    assert Assessment.objects.get(pk=one.assessment_id).points == 2
    assert breaks(let_go) == []


def test_a_revisit_of_a_closed_cycle_leaves_what_was_published(people):
    make.closed(people)
    people.cycle.refresh_from_db()
    published = list(people.cycle.snapshots.get().rows.values_list("assessment", "points"))
    draw = hold.drawn(people, share=Decimal("0.3"), by_band=True)
    assert draw.purpose == DrawPurpose.REVISIT
    assert {one.stratum.split(" / ")[-1] for one in members_of(draw)} == {"—"}
    one, other = hold.names_drawn(draw)
    draws.redraw(make.again(people.reviewer), draw, [other.pk], "已撤销")
    hold.review(people, one.assessment, "0", "0")
    assert list(people.cycle.snapshots.get().rows.values_list("assessment", "points")) == published
    assert Assessment.objects.get(pk=one.assessment_id).points == 0
    waiting = hold.frozen(people)
    for left in people.cycle.assessments.filter(state=State.REVIEWING):
        hold.review(people, left, "2", "2")
    make.publish_cycle(people)
    refused(WrongState, draws.draw_names, make.again(people.reviewer), waiting, match="open again")


@pytest.mark.any_database
def test_a_spot_check_ends_with_its_cycle(people):
    draw = hold.seeded(people)
    make.closed(people)
    refused(WrongState, draws.freeze_population, make.again(people.reviewer), draw, match="closed")


@pytest.mark.any_database
def test_strata_by_county_and_star():
    rubric = make.long_rubric(2, stages=2, bands=((2, "二星", "3"), (1, "一星", "0")))
    city = make.organization(None, "city", "city")
    counties = [make.organization(city, "county", "county", name="鼓楼区总工会")]
    other_city = make.organization(city, "city", "city", name="另一市")
    counties.append(make.organization(other_city, "county", "county", name="鼓楼区总工会"))
    low = make.organization(make.organization(counties[0], "office", "township"))
    units = [low, make.organization(counties[1]), make.organization(city)]
    people = make.cast(rubric=rubric)
    people.city, people.admin, people.reviewer = city, make.person((city, "admin")), make.person((city, "reviewer"))
    people.cycle = make.open_cycle_for(city, {"township": rubric}, by=people.admin)
    for one in people.cycle.assessments.select_related("organization", "assessor"):
        hold.finish(people, one)
    draw = hold.seeded(people, by_kind=False, by_band=True)
    found = {one.assessment: one.stratum for one in population(draw)}
    of = {one.organization_id: found[one.pk] for one in people.cycle.assessments.all()}
    assert [of[unit.pk] for unit in units] == [
        f"鼓楼区总工会（{city.name}） / 二星",
        "鼓楼区总工会（另一市） / 二星",
        f"{city.name} / 二星",
    ]
    whole = hold.seeded(people, by_kind=False, by_county=False)
    assert {one.stratum for one in population(whole)} == {"All"}


@pytest.mark.any_database
@pytest.mark.parametrize("stages", [2, 3])
def test_calling_up_many_does_to_each_what_a_move_of_its_own_does(stages):
    people = hold.finished(stages, counties=(0, 0))
    hold.review(
        people, *[one.assessment for one in hold.names_drawn(hold.drawn(people, by_county=False))][:1], "2", "1"
    )
    draw = hold.drawn(people, by_county=False, share=Decimal("0.5"), seed="4")
    draws.redraw(make.again(people.reviewer), draw, [hold.names_drawn(draw)[0].pk], "路断了")
    keys = list(Assessment.objects.filter(cycle=people.cycle, state=State.FINAL).values_list("pk", flat=True))
    assert len({step.action for step in Step.objects.filter(assessment__in=keys)}) > 2, "some were called up before"
    make.person((people.city, Role.REVIEWER))

    def one_by_one():
        for one in Assessment.objects.filter(pk__in=keys):
            move(make.again(people.reviewer), one, Action.CALL_UP, reason="抽查2", warrant=Warrant.DRAW)

    def figures():
        every = (rolled_up(people.cycle, what, FIELDS) for what in What)
        return [figure for found in every for figure in make.summed(found).items()]

    def left_by(act):
        with transaction.atomic(), time_machine.travel(timezone.now(), tick=False):
            Message.objects.all().delete()
            act()
            found = [
                list(model.objects.order_by(*order).values_list(*columns))
                for model, order, columns in (
                    (Assessment, ["pk"], []),
                    (Sheet, ["assessment", "stage"], [f.name for f in Sheet._meta.fields if f.name != "id"]),
                    (Step, ["assessment", "number"], ["assessment", "number", "action", "by", "reason"]),
                    (Message, ["to"], ["to", "occasion", "text", "url"]),
                    (SectionResult, ["pk"], []),
                )
            ]
            found.append(sorted(figures(), key=str))
            found.append([breaks(one) for one in Assessment.objects.all()])
            transaction.set_rollback(True)
        return found

    def cost(some):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            call_up(make.again(people.reviewer), some, "抽查2")
            transaction.set_rollback(True)
        return len(queries)

    assert cost(keys) <= cost(keys[:1]) + 1, "but for the sheets of those that had none"
    together = left_by(lambda: call_up(make.again(people.reviewer), keys, "抽查2"))
    assert together == left_by(one_by_one)
    assert together[-1] == [[]] * Assessment.objects.count()
    assert len(together[3]) == 1, "each reviewer of the city but who drew"


def test_freezing_and_drawing_cost_no_query_more_for_more_organisations(people):
    def cost():
        draw = hold.seeded(people)
        with CaptureQueriesContext(connection) as queries:
            draws.freeze_population(make.again(people.reviewer), draw)
        return sum(query["sql"].startswith("SELECT") for query in queries)

    few = cost()
    rows = [NewOrganization(f"乡镇{n}", make.kind(), "township", people.county) for n in range(300)]
    bulk_create_organizations(None, rows)
    people.cycle = make.open_cycle_for(people.city, {"township": people.rubric}, by=people.admin)
    Assessment.objects.filter(cycle=people.cycle).update(state=State.FINAL, points=1)
    assert cost() == few


@pytest.mark.any_database
def test_what_was_changed_afterwards_shows(people):
    draw = hold.drawn(people)
    assert [one.agrees for one in checks(draw)] == [True, True, True]
    one = draw.members.filter(drawn_in=None).first()
    DrawMember.objects.filter(pk=one.pk).update(name="换了名字")
    assert next(check.agrees for check in checks(draw)) is False
    DrawMember.objects.filter(pk=one.pk).update(name=one.name, rank="0" * 64)
    assert [(check.agrees, check.differs) for check in checks(draw)][1] == (False, one.key)
    DrawMember.objects.filter(pk=one.pk).update(rank=one.rank)
    DrawMember.objects.filter(pk=hold.names_drawn(draw)[0].pk).update(drawn_in=None)
    assert [check.agrees for check in checks(draw)] == [True, True, False]
    frozen = hold.frozen(hold.finished())
    DrawMember.objects.filter(draw=frozen).update(name="换了名字")
    refused(Refused, draws.draw_names, make.again(frozen.seeded_by), frozen, match="stored population")


def test_how_far_assessment_and_review_are_apart(people):
    draw = hold.drawn(people, share=Decimal("0.6"))
    one, two, *rest = hold.names_drawn(draw)
    assert list(reviewed(draw)) == by_assessor(draw) == []
    hold.review(people, one.assessment, "2", "0.5")
    hold.review(people, two.assessment, "2", "2")
    assert to_review(draw).count() == len(rest) + 2
    found = list(reviewed(draw).select_related("rubric", "kind", "assessor"))
    assert [(line.pk, line.assessed, line.found, line.gap) for line in found] == [
        (one.assessment_id, 4, Decimal("2.5"), Decimal("-1.5")),
        (two.assessment_id, 4, 4, 0),
    ]
    first, second = compared(found)
    assert [(gap.key, gap.assessed, gap.found, gap.by) for gap in first.items] == [("1-2", "2", "0.5", Decimal("-1.5"))]
    assert (first.assessed, first.found, first.change) == ("4", "2.5", "−1.5")
    assert second.items == item_gaps(found[1], {}) == ()
    unions = {line.name: (line.count, line.mean, line.apart) for line in by_assessor(draw)}
    if one.assessment.assessor_id == two.assessment.assessor_id:
        assert set(unions.values()) == {(2, Decimal("-0.75"), Decimal("0.75"))}
    else:
        assert sorted(unions.values()) == [(1, Decimal("-1.50"), Decimal("1.50")), (1, 0, 0)]
