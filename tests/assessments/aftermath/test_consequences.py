"""Consequences: proposed once, decided by persons, made up and inspected; a star revoked by two."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.aftermath.consequences import in_effect_by, told_to, undecided_revisits
from assessments.models import Consequence, Cycle, MakeUp, MakeUpFile, Message
from assessments.services import Forbidden, Refused, WrongState, aftermath, publishing
from assessments.workflow import State
from orgs.roles import Role
from tests import factories as make
from tests.assessments.aftermath import made

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
KINDS = ["make_up", "funding", "aid", "honours"]
TASK = "1-2 考核内容 1-2 (20 of 40 points)\n2-1 考核内容 2-1 (8 of 20 points)\n1-1 考核内容 1-1 (30 of 40 points)"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def stored():
    return sorted(Consequence.objects.values_list(), key=str), sorted(MakeUp.objects.values_list(), key=str)


def only(kind):
    return Consequence.objects.select_related("row__assessment").get(kind=kind)


def test_what_follows_from_a_poor_result_is_proposed_once_and_takes_effect_when_persons_say_so():
    cast = made.closed_year()
    assert aftermath.propose(cast.reviewer, cast.cycle) == 4
    found = list(Consequence.objects.order_by("pk"))
    assert [one.kind for one in found] == KINDS
    day = timezone.localdate().isoformat()
    assert {(one.row.name, one.state, one.ground) for one in found} == {
        (cast.township.name, "proposed", f"Published result no. 1 of {day}: 58 of 100 points, 一星, not qualified.")
    }
    assert aftermath.propose(cast.admin, cast.cycle) == 0
    assert told_to(cast.now()) == []  # nothing happens by itself

    with pytest.raises(Refused, match="Please set the day"):
        aftermath.confirm(cast.admin, cast.cycle, [one.pk for one in found])
    with pytest.raises(Refused, match="over already"):
        aftermath.confirm(cast.admin, cast.cycle, [found[0].pk], due_on=today(-1))
    with pytest.raises(Refused, match="reason"):
        aftermath.drop(cast.admin, cast.cycle, [found[3].pk], "  ")
    aftermath.confirm(cast.admin, cast.cycle, [one.pk for one in found[:3]], due_on=today(30))
    aftermath.drop(cast.reviewer, cast.cycle, [found[3].pk], "市级劳模已报")
    decided = {one.kind: (one.state, one.decided_by, one.reason) for one in Consequence.objects.all()}
    assert decided == dict.fromkeys(KINDS[:3], ("confirmed", cast.admin, "")) | {
        "honours": ("dropped", cast.reviewer, "市级劳模已报")
    }
    assert list(MakeUp.objects.values_list("task", "due_on", "set_by", "number")) == [
        (TASK, today(30), cast.admin.pk, 1)
    ]
    assert [one.kind for one in told_to(cast.now())] == KINDS[:3]
    with pytest.raises(WrongState, match="meanwhile"):
        aftermath.drop(cast.reviewer, cast.cycle, [found[0].pk], "理由")
    made.publish(cast.cycle, cast.admin, "更正")
    assert aftermath.propose(cast.admin, cast.cycle) == 0  # nor from a later snapshot


def test_one_foreign_line_and_none_is_decided():
    cast, other = made.closed_year(), made.closed_year()
    for one in (cast, other):
        aftermath.propose(one.admin, one.cycle)
    own = list(Consequence.objects.filter(row__snapshot__cycle=cast.cycle).values_list("pk", flat=True))
    foreign = Consequence.objects.filter(row__snapshot__cycle=other.cycle).first().pk
    before = stored()
    for act in (
        lambda: aftermath.confirm(cast.admin, cast.cycle, [*own, foreign], due_on=today(9)),
        lambda: aftermath.drop(cast.admin, cast.cycle, [*own, foreign], "理由"),
        lambda: aftermath.drop(other.admin, cast.cycle, own, "理由"),
        *(
            lambda who=who: aftermath.confirm(make.again(getattr(cast, who)), cast.cycle, own, due_on=today(9))
            for who in ("clerk", "chair", "assessor", "auditor", "stranger", "superuser")
        ),
        lambda: aftermath.propose(make.again(cast.auditor), cast.cycle),
    ):
        with pytest.raises(Forbidden):
            act()
    assert stored() == before


def test_nothing_is_proposed_before_the_cycle_is_closed():
    cast = make.cast(rubric=made.rubric())
    with pytest.raises(WrongState, match="closed first"):
        aftermath.propose(cast.admin, cast.cycle)
    assert not Consequence.objects.exists()


def test_a_task_is_made_up_inspected_and_when_not_passed_set_again():
    cast = made.closed_year()
    aftermath.propose(cast.admin, cast.cycle)
    task = only("make_up")
    aftermath.confirm(cast.admin, cast.cycle, [task.pk], due_on=today(3), tasks={task.pk: "补开职代会"})
    with pytest.raises(WrongState, match="To be done"):
        aftermath.inspect(cast.assessor, task, passed=True, finding="已补")
    with pytest.raises(Forbidden):
        aftermath.report_made_up(cast.clerk, task, "已补开")
    with pytest.raises(Refused, match="what was done"):
        aftermath.report_made_up(cast.chair, task, " ")
    aftermath.report_made_up(cast.chair, task, "已补开")
    for who in ("admin", "reviewer", "department_assessor", "stranger", "chair"):
        with pytest.raises(Forbidden):
            aftermath.inspect(make.again(getattr(cast, who)), task, passed=True, finding="已补")
    before = stored()
    with pytest.raises(Refused, match="set the day"):
        aftermath.inspect(cast.assessor, task, passed=False, finding="没有签到表")
    with pytest.raises(Refused, match="what was found"):
        aftermath.inspect(cast.assessor, task, passed=True, finding="")
    assert stored() == before
    aftermath.inspect(cast.assessor, task, passed=False, finding="没有签到表", due_on=today(20))
    with pytest.raises(WrongState):
        aftermath.inspect(cast.assessor, task, passed=True, finding="已补")
    aftermath.report_made_up(cast.chair, task, "补了签到表")
    aftermath.inspect(cast.assessor, task, passed=True, finding="材料齐全")
    fields = ("number", "task", "due_on", "set_by", "state", "report", "reported_by", "finding", "inspected_by")
    chair, assessor = cast.chair.pk, cast.assessor.pk
    assert list(task.make_ups.order_by("number").values_list(*fields)) == [
        (1, "补开职代会", today(3), cast.admin.pk, "failed", "已补开", chair, "没有签到表", assessor),
        (2, "补开职代会", today(20), assessor, "passed", "补了签到表", chair, "材料齐全", assessor),
    ]
    told = Message.objects.filter(to=cast.chair, occasion__startswith="make-up-").order_by("pk")
    days = [f"{cast.township.name} has a make-up task, to be done by {today(left).isoformat()}." for left in (3, 20)]
    assert list(told.values_list("text", flat=True)) == days


def test_a_report_shows_files_that_are_taken_and_read_as_evidence_is(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cast = made.closed_year()
    aftermath.propose(cast.admin, cast.cycle)
    task = only("make_up")
    aftermath.confirm(cast.admin, cast.cycle, [task.pk], due_on=today(3))

    def visiting(user):
        client = Client()
        client.force_login(user)
        return client

    def posted(user, *files, text="已补开"):
        return visiting(user).post(reverse("consequences:report", args=[task.pk]), {"text": text, "files": files})

    def paper(name="签到表.pdf", content=PDF):
        return SimpleUploadedFile(name, content)

    refused = posted(cast.chair, paper(), paper("程序.exe", b"MZ"))
    assert refused.status_code == 422
    assert "程序.exe" in refused.context["reporting"].errors.as_text()
    assert posted(cast.clerk, paper()).status_code == 403
    with pytest.raises(Refused, match="at most 20 files"):
        aftermath.report_made_up(cast.chair, task, "已补开", [paper()] * 21)
    assert (task.make_ups.get().state, MakeUpFile.objects.count(), stored_files(tmp_path)) == ("set", 0, 0)
    assert posted(cast.chair, paper(), paper("照片.pdf", PDF + b"%")).status_code == 302
    first, second = task.make_ups.get().files.all()
    assert (first.name, second.name, stored_files(tmp_path)) == ("签到表.pdf", "照片.pdf", 2)
    assert posted(cast.chair, paper("又一份.pdf", PDF + b"%%")).status_code == 409
    assert stored_files(tmp_path) == 2
    for user, status in ((cast.assessor, 200), (cast.clerk, 200), (cast.auditor, 200), (cast.stranger, 404)):
        answer = visiting(user).get(reverse("consequences:file", args=[second.pk]))
        assert (answer.status_code, b"".join(answer) == PDF + b"%") == (status, status == 200)
    answer = visiting(cast.assessor).get(reverse("consequences:file", args=[second.pk]))
    assert b"".join(answer) == PDF + b"%"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert "签到表.pdf" in visiting(cast.assessor).get(reverse("consequences:detail", args=[task.pk])).content.decode()


def stored_files(folder):
    return sum(path.is_file() for path in folder.rglob("*"))


def test_who_fills_in_the_sheets_of_an_organisation_does_not_inspect_it():
    cast = made.closed_year()
    both = make.person((cast.county, Role.ASSESSOR), (cast.township, Role.CHAIR))
    aftermath.propose(cast.admin, cast.cycle)
    task = only("make_up")
    aftermath.confirm(cast.admin, cast.cycle, [task.pk], due_on=today(3))
    aftermath.report_made_up(both, task, "已补")
    with pytest.raises(Forbidden):
        aftermath.inspect(both, task, passed=True, finding="好")


@pytest.mark.parametrize(
    ("said", "rank", "ground"),
    [
        (made.FULL | {"1-1": "35"}, None, None),  # 95: still five stars
        (made.FULL | {"1-1": "25"}, 4, "85 points, 四星; published: 100 points, 五星."),
        (made.POOR, 1, "58 points, 一星; published: 100 points, 五星."),
    ],
)
def test_a_revisit_below_the_published_band_proposes_a_revocation(said, rank, ground):
    cast = made.closed_year()
    aftermath.propose(cast.admin, cast.cycle)
    assert undecided_revisits(cast.cycle) == []
    made.revisit(cast, cast.neighbour, said)
    assert bool(undecided_revisits(cast.cycle)) == (rank is not None)
    assert aftermath.propose(cast.admin, cast.cycle) == (rank is not None)
    assert aftermath.propose(cast.reviewer, cast.cycle) == 0
    found = Consequence.objects.filter(kind="revocation").values_list("row__name", "rank", "ground", "proposed_by")
    told = f"Revisit confirmed on {today().isoformat()}: {ground}"
    assert list(found) == ([(cast.neighbour.name, rank, told, cast.admin.pk)] if rank else [])


def test_a_revocation_takes_two_persons_and_a_correcting_snapshot():
    cast = made.closed_year()
    made.revisit(cast, cast.neighbour, made.POOR)
    aftermath.propose(cast.admin, cast.cycle)
    one = only("revocation")
    with pytest.raises(Forbidden, match="two persons"):
        aftermath.confirm(cast.admin, cast.cycle, [one.pk])
    assert undecided_revisits(cast.cycle)
    aftermath.confirm(cast.reviewer, cast.cycle, [one.pk])
    one.refresh_from_db()
    assert (one.state, one.decided_by, in_effect_by(one)) == ("confirmed", cast.reviewer, None)
    assert undecided_revisits(cast.cycle) == []
    row = cast.cycle.snapshots.first().rows.get(assessment__organization=cast.neighbour)
    assert row.awarded == "五星"  # the published result stands
    correcting = made.publish(cast.cycle, cast.reviewer, "回头看不达标")
    assert in_effect_by(one) == correcting
    # the corrected result did not qualify: now its consequences are proposed too
    assert aftermath.propose(cast.admin, cast.cycle) == 4


def test_a_revisit_that_was_let_pass_is_not_proposed_again_but_the_next_one_is():
    cast = made.closed_year()
    for _round in (1, 2):
        made.revisit(cast, cast.neighbour, made.POOR)
        assert aftermath.propose(cast.admin, cast.cycle) in (5, 1)  # with what follows for the township, or alone
        one = Consequence.objects.filter(kind="revocation", state="proposed").get()
        aftermath.drop(cast.admin, cast.cycle, [one.pk], "当时正在搬迁")
        assert aftermath.propose(cast.admin, cast.cycle) == 0
    assert Consequence.objects.filter(kind="revocation").count() == 2
    assert cast.cycle.assessments.get(organization=cast.neighbour).state == State.FINAL


def test_no_revisit_is_published_before_two_persons_have_decided():
    cast = make.cast(rubric=made.rubric())
    for unit in (cast.township, cast.neighbour, cast.other_township):
        made.finish(cast, unit, made.FULL)

    def publish(by, reason=""):
        words = {"title": "公示", "body": "现予公示", "contact": "组织部"}
        cycle = Cycle.objects.get(pk=cast.cycle.pk)
        return publishing.publish(by, cycle, starts_on=timezone.localdate(), reason=reason, **words).snapshot

    first = publish(cast.admin)
    Cycle.objects.filter(pk=cast.cycle.pk).update(closed_at=timezone.now(), closed_by=cast.admin)
    made.revisit(cast, cast.neighbour, made.POOR)
    refused = f"revocation is not decided yet: {cast.neighbour.name}"
    with pytest.raises(Refused, match=refused):
        publish(cast.reviewer, "更正")
    assert aftermath.propose(cast.admin, cast.cycle) == 1
    with pytest.raises(Refused, match=refused):
        publish(cast.reviewer, "更正")
    one = only("revocation")
    aftermath.confirm(cast.reviewer, cast.cycle, [one.pk])
    second = publish(cast.reviewer, "回头看不达标，撤销星级")
    of_neighbour = {"assessment__organization": cast.neighbour}
    seen = [snapshot.rows.get(**of_neighbour) for snapshot in (first, second)]
    assert [(row.awarded, row.qualified) for row in seen] == [("五星", True), ("一星", False)]
    one.refresh_from_db()
    assert in_effect_by(one) == second
    with pytest.raises(WrongState, match="closed first"):  # until the correcting notice is over
        aftermath.propose(cast.admin, cast.cycle)
