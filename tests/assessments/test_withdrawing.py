"""Out of a cycle with a reason, without a result; and back again, with all that was entered."""

import pytest
from django.urls import reverse

from assessments import progress, services
from assessments.listing import Wanted, for_list, list_rows, matching
from assessments.models import Assessment, Purpose, Signoff
from assessments.permissions import may_write, open_moves, readable_stages
from assessments.queries import waiting_for
from assessments.services import ballots
from assessments.services.ballots.votes import CodeRefused, cast_vote
from assessments.waiting import courses, results
from assessments.workflow import Action, Stage, State
from tests import factories as make
from tests.assessments.ballots.hold import draft

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def withdraw(cast, reason="已停产"):
    return services.move(make.again(cast.admin), cast.assessment, Action.WITHDRAW, reason=reason)


def resume(cast):
    return services.move(make.again(cast.admin), cast.assessment, Action.RESUME, reason="已复产")


def marks_of(cast):
    found = make.snapshot(cast.now())
    return {name: found[name] for name in ("marks", "counts", "revisions", "evidence")}


@pytest.mark.any_database
@pytest.mark.parametrize("state", [State.SELF_SCORING, State.ASSESSING, State.REVIEWING])
def test_marks_survive_and_the_result_is_blank_until_it_is_earned_again(state):
    cast = make.cast()
    make.bring_to(cast, state)
    if state == State.ASSESSING:
        make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
        make.sign_all(cast.assessor, cast.assessment)
    before, marks = cast.now(), marks_of(cast)
    official = (before.official_stage, before.points, before.band_rank)

    now = withdraw(cast)
    assert (now.state, now.official_stage, now.points, now.band_rank) == (State.WITHDRAWN, "", None, None)
    assert not now.sheets.filter(closed_at=None).exists()
    assert marks_of(cast) == marks

    now = resume(cast)
    assert (now.state, now.official_stage, now.points) == (State.SELF_SCORING, "", None)
    assert now.sheets.get(stage=Stage.SELF).closed_at is None
    assert not Signoff.objects.filter(sheet__assessment=now).exists()
    assert marks_of(cast) == marks
    if state != State.SELF_SCORING:
        services.move(make.again(cast.chair), now, Action.SUBMIT)  # nothing has to be typed again
        if state == State.REVIEWING:
            make.sign_all(cast.assessor, now)
            services.move(make.again(cast.assessor), now, Action.FORWARD)
        now = cast.now()
        assert (now.official_stage, now.points, now.band_rank) == official
        assert marks_of(cast) == marks


def test_it_needs_a_reason_and_only_the_deciding_administrator_does_it():
    cast = make.cast()
    before = make.snapshot(cast.assessment)
    with pytest.raises(services.Refused):
        withdraw(cast, reason=" ")
    for who in ("clerk", "chair", "assessor", "reviewer", "auditor", "stranger", "superuser"):
        with pytest.raises(services.Forbidden):
            services.move(make.again(getattr(cast, who)), cast.assessment, Action.WITHDRAW, reason="已停产")
    assert make.snapshot(cast.assessment) == before
    make.bring_to(cast, State.FINAL)
    with pytest.raises(services.WrongState):
        withdraw(cast)


def test_nobody_writes_and_everybody_finds_why(client):
    cast = make.cast()
    make.bring_to(cast, State.ASSESSING)
    withdraw(cast, "企业已停产")
    now = cast.now()
    for person in map(make.again, cast.everyone.values()):
        assert not may_write(person, now)
        assert not waiting_for(person).filter(pk=now.pk).exists()
        assert [move.action for move in open_moves(person, now)] == ([Action.RESUME] if person == cast.admin else [])
    assert readable_stages(make.again(cast.clerk), now) == (Stage.SELF,)
    for who in (cast.clerk, cast.assessor, cast.admin):
        client.force_login(who)
        page = client.get(reverse("assessments:detail", args=[now.pk]))
        assert "企业已停产" in page.content.decode().split("</ol>")[0]
        assert not any(stop.deadline for stop in page.context["way"])
        assert {column.stage for column in page.context["columns"] if column.band} <= {Stage.SELF}
    client.force_login(cast.admin)
    page = client.get(reverse("assessments:resume", args=[now.pk]))
    assert page.context["points"] == ""  # of an unfinished sheet nothing is said


def test_lists_and_figures_leave_it_out_of_what_gets_a_result():
    cast = make.cast(rubric=make.small_rubric(bands=make.STARS))
    make.bring_to(cast, State.REVIEWING)
    withdraw(cast)
    admin = make.again(cast.admin)
    (row,) = list_rows(admin, for_list(matching(admin, Wanted(state=State.WITHDRAWN))))
    assert (row.name, row.state_class, row.band) == (cast.township.name, "is-off", "")
    assert row.self_points
    (overview,) = progress.overviews(admin, [cast.cycle])
    (course,) = courses(admin)
    assert (overview.total, course.total) == (2, 2)
    assert (State.WITHDRAWN.label, 1) in overview.counts
    assert progress.coverage(cast.cycle).assessed == 2
    (standing,) = results(make.again(cast.clerk))
    assert (standing.state_class, standing.points, standing.band) == ("is-off", "", "")


def test_a_cycle_in_which_all_are_withdrawn_has_its_pages(client):
    cast = make.cast()
    for assessment in Assessment.objects.filter(cycle=cast.cycle):
        services.move(make.again(cast.admin), assessment, Action.WITHDRAW, reason="已撤销")
    client.force_login(cast.admin)
    for address in ("/", reverse("cycles:list"), reverse("cycles:detail", args=[cast.cycle.pk])):
        assert client.get(address).status_code == 200
    (course,) = courses(make.again(cast.admin))
    assert (course.total, course.final, course.words, course.late) == (0, 0, "", False)


def test_its_ballots_stand_still_and_go_on_when_it_is_resumed():
    cast = make.cast()
    asked = draft(purpose=Purpose.ANNEX)
    by = make.again(cast.assessor)
    waiting = ballots.save_ballot(by, cast.assessment, asked)
    running = ballots.open_ballot(by, ballots.save_ballot(by, cast.assessment, asked))
    code, *_others = ballots.issue_codes(by, running, 3)
    withdraw(cast)
    refused = (
        lambda: ballots.save_ballot(by, cast.now(), asked),
        lambda: ballots.open_ballot(by, waiting),
        lambda: ballots.drop_ballot(by, waiting),
        lambda: ballots.close_ballot(by, running),
        lambda: ballots.annul_ballot(by, running, "作废"),
        lambda: ballots.issue_codes(by, running, 3),
    )
    for call in refused:
        with pytest.raises(services.WrongState):
            call()
    with pytest.raises(CodeRefused):
        cast_vote(code, 1)
    resume(cast)
    cast_vote(code, 1)
    assert running.options.get(position=1).votes == 1


@pytest.mark.any_database
def test_the_card_of_a_withdrawn_assessment_is_printed(client):
    cast = make.cast()
    make.bring_to(cast, State.ASSESSING)
    withdraw(cast)
    for who in (cast.clerk, cast.admin):
        client.force_login(who)
        for route in ("reports:scorecard_pdf", "reports:scorecard_xlsx"):
            assert client.get(reverse(route, args=[cast.assessment.pk])).status_code == 200
