"""Each stage of the demo year is built, and what stands then holds what must always hold."""

from collections import Counter
from decimal import Decimal
from io import BytesIO, StringIO
from time import process_time

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from assessments import chain
from assessments.demo.build import DEADLINES, MIXTURE, PASSWORD, SITES, SYSTEM_ADMIN
from assessments.demo.files import evidence_file
from assessments.demo.marking import lot
from assessments.demo.sites import DemoStage
from assessments.demo.words import PHRASES, phrase_for
from assessments.filetypes import content_type_of
from assessments.models import (
    Assessment,
    Cycle,
    CycleKind,
    Draw,
    Evidence,
    Objection,
    Sheet,
    Signoff,
    Snapshot,
    Step,
)
from assessments.publications import verify
from assessments.results import contents_of, read_marks, total_of
from assessments.workflow import Action, Stage, State
from orgs.models import Membership, Organization, OrganizationKind, User
from orgs.roles import Role
from orgs.services import create_organization
from tests.factories import load_rubrics

ASSESSED = 67
SECONDS = 25

STATES = {
    "self": {State.SELF_SCORING: 50, State.ASSESSING: 17},
    "assess": {State.SELF_SCORING: 12, State.ASSESSING: 40, State.REVIEWING: 2, State.FINAL: 13},
    "review": {State.ASSESSING: 9, State.REVIEWING: 4, State.FINAL: 54},
    "final": {State.FINAL: ASSESSED},
    "notice": {State.FINAL: ASSESSED},
}


@pytest.fixture
def run(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def run(*arguments):
        output = StringIO()
        call_command("demo", *arguments, stdout=output)
        return output.getvalue()

    return run


def states():
    return dict(Counter(Assessment.objects.values_list("state", flat=True)))


def assert_everything_holds():
    assessments = list(Assessment.objects.select_related("rubric", "kind"))
    assert [one for one in assessments if chain.breaks(one)] == []
    for assessment in assessments:
        sheets = list(assessment.sheets.all())
        marks = read_marks(assessment.rubric, sheets)
        for sheet in sheets:
            total = total_of(assessment, contents_of(marks[sheet.pk]))
            assert sheet.points in {None, total.points}
            assert (sheet.scored, sheet.required) == (total.scored, total.required)


def assert_everybody_logs_in(request):
    people = list(User.objects.all())
    assert [one for one in people if authenticate(request, username=one.username, password=PASSWORD) != one] == []
    for one in people:
        validate_password(PASSWORD, one)


def assert_work_waits_everywhere():
    sent_back = Step.objects.filter(action=Action.SEND_BACK, assessment__state=State.SELF_SCORING)
    assert len(sent_back) == len(SITES)
    assert all(step.reason and step.items.count() == 2 for step in sent_back)
    assessing = Sheet.objects.filter(stage=Stage.ASSESS, assessment__state=State.ASSESSING)
    assert {0 < sheet.scored < sheet.required for sheet in assessing} == {True, False}
    assert Signoff.objects.filter(sheet__in=assessing).exists()
    assert Evidence.objects.count() > 50
    assert all(cycle.self_deadline < localdate() < cycle.assess_deadline for cycle in Cycle.objects.all())


def assert_stars_spread():
    inspected = Assessment.objects.filter(cycle__document__slug="guyuan-annual-inspection")
    assert dict(Counter(inspected.values_list("band_rank", flat=True))) == {5: 5, 4: 7, 3: 4, 2: 3, 1: 2}
    assert inspected.get(points=Decimal("89.5")).band_rank == 4
    left_out = CycleKind.objects.filter(cycle__document__slug="guyuan-annual-inspection", rubric=None)
    assert {one.kind.code for one in left_out} == {"county", "industry", "new_employment"}
    led_twice = inspected.exclude(observer=None).get()
    assert (led_twice.name, led_twice.assessor.name) == ("清泉县第一小学工会", "清泉县总工会")
    assert led_twice.observer.name == "固原市教科文卫工会"


def assert_on_notice():
    """Guyuan's year has come to its first notice; somebody objects, and is known to those alone who handle it."""
    (snapshot,) = Snapshot.objects.select_related("notice", "cycle")
    assert snapshot.cycle.document.slug == "guyuan-annual-inspection"
    assert verify(snapshot)
    assert snapshot.notice.starts_on == localdate()
    stars = Counter(snapshot.rows.values_list("awarded_rank", "limited"))
    assert stars == {(5, False): 4, (4, True): 1, (4, False): 7, (3, False): 4, (2, False): 3, (1, False): 2}
    (draw,) = Draw.objects.all()
    assert draw.members.filter(drawn_in__isnull=False, assessment__official_stage="review").count() == 3
    (objection,) = Objection.objects.all()
    assert (objection.state, objection.notice) == ("open", snapshot.notice)


@pytest.mark.any_database
@pytest.mark.long
@pytest.mark.parametrize("stage", [stage.name.lower() for stage in DemoStage])
def test_builds_each_stage(run, rf, stage):
    """One test for a stage, as building takes seconds. The first loads the documents itself, the others find them."""
    if stage != "self":
        load_rubrics()
    began = process_time()
    printed = run("--stage", stage)
    took = process_time() - began
    assert states() == STATES[stage]
    assert_everything_holds()
    assert_everybody_logs_in(rf.post("/"))
    assert PASSWORD in printed
    assert all(username in printed for site in SITES for username in site.shown)
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert not User.objects.get(username=SYSTEM_ADMIN).memberships.exists()
    if stage == "assess":
        assert_work_waits_everywhere()
    if stage == "final":
        assert_stars_spread()
    if stage == "notice":
        assert_on_notice()
    assert took < SECONDS


def test_refuses_where_there_are_organisations(run):
    call_command("loaddata", "kinds", verbosity=0)
    create_organization(None, None, "某市总工会", OrganizationKind.objects.get(code="city"), "city")
    with pytest.raises(CommandError, match="already"):
        run("--stage", "self")
    assert run("--stage", "self", "--if-empty") == ""
    assert Organization.objects.count() == 1
    assert not User.objects.exists()


def test_people_and_unions_of_a_site_are_distinct():
    people = [who for site in SITES for unit in site.root.walk() for who in unit.people]
    assert max(Counter(who.username for who in people).values()) == 1
    assert max(Counter(who.name for who in people).values()) == 1
    for site in SITES:
        names = [unit.name for unit in site.root.walk()]
        assert len(set(names)) == len(names)
        assert {site.owner, site.branch} <= set(names)
        assert set(site.shown) <= {who.username for unit in site.root.walk() for who in unit.people}


def test_the_lot_falls_the_same_way_on_every_machine():
    assert [lot("滨河街道总工会", "self").randrange(1000) for _ in range(2)] == [662, 662]


def test_every_stage_has_deadlines_in_order_and_a_mixture():
    assert set(DEADLINES) == set(MIXTURE) == set(DemoStage)
    assert all(list(days) == sorted(days) for days in DEADLINES.values())


@pytest.mark.parametrize(("name", "content_type"), [("会议纪要.pdf", "application/pdf"), ("活动.png", "image/png")])
def test_evidence_is_what_its_name_says(name, content_type):
    upload = evidence_file(name, "滨河街道总工会", lot(name))
    assert content_type_of(BytesIO(upload.read()), name) == content_type


def test_phrases_are_complete():
    assert phrase_for("……") is PHRASES[-1]
    assert all(phrase.said and phrase.shown and phrase.found for phrase in PHRASES)
    assert max(Counter(phrase.word for phrase in PHRASES).values()) == 1
