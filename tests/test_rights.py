"""Every route, for every role, in every state: asked, and compared with the one table in docs/rights.md.

The table is the specification. A route that it does not name, or names without need, fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments import services
from assessments.draws.drawing import Member, canonical, digest_of, rank_of
from assessments.models import Ballot, BallotState, Draw, DrawState, Evidence, Purpose, Ruling, RulingKind
from assessments.services import ballots
from assessments.workflow import Stage, State
from orgs.files import Format
from orgs.importing.steps import receive
from orgs.models import ListKind, Organization, Outcome, Upload, UploadState, User
from reports.exports import files
from reports.models import Export, ExportState
from rubrics.blueprint import read, write
from rubrics.drafting.codec import digest
from rubrics.models import Document, Rubric, Source
from tests.assessments.aftermath.rights import aftermath_targets, posted_to_aftermath
from tests.assessments.awards.rights import award_targets, posted_to_awards
from tests.assessments.ballots.hold import draft as ballot_draft
from tests.assessments.objections.rights import objection_targets, posted_to_objections
from tests.assessments.reminders.rights import reminder_targets
from tests.factories import Cast, again, bring_to, cast, fill, publish_cycle, small_rubric
from tests.remembering import remembered
from tests.reports.official.rights import official_targets

TABLE = Path(__file__).parent.parent / "docs" / "rights.md"
PEOPLE = {
    "clerk": "clerk",
    "chair": "chair",
    "department": "department_assessor",
    "assessor": "assessor",
    "reviewer": "reviewer",
    "admin": "admin",
    "auditor": "auditor",
    "stranger": "stranger",
    "system": "superuser",
}
"""Columns of the table -> people of the cast."""

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NOTICES = {"public_notices", "public_notice", "reports:notice_pdf"}
OPEN = {"healthz", "login", "set_language", "vote", "vote_thanks", *NOTICES}
"""Routes for people who are not logged in."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a route, how it is asked, the states it speaks of, what each person is answered."""

    route: str
    ask: str
    stage: str
    states: tuple[str, ...]
    answers: dict[str, str]

    def __str__(self) -> str:
        return " ".join(part for part in (self.route, self.ask, self.stage) if part)


def _states(route: str, text: str) -> tuple[str, ...]:
    """Where the state makes no difference, pages of assessments are still asked in each, all others in one."""
    if text != "any":
        return tuple(text.split())
    return tuple(State.values) if route.startswith(("assessments:", "ballots:")) else (State.FINAL,)


def read_table() -> list[Row]:
    lines = re.findall(r"^\| `([a-z_:]+)` \| (\w+) \|([^|]*)\|([^|]*)\|(.*)\|$", TABLE.read_text(), re.MULTILINE)
    return [
        Row(
            route,
            ask,
            stage.strip(),
            _states(route, states.strip()),
            dict(zip(PEOPLE, [cell.strip() for cell in cells.split("|")], strict=True)),
        )
        for route, ask, stage, states, cells in lines
    ]


ROWS = read_table()


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}"


def test_the_table_names_every_route_and_no_other() -> None:
    assert {row.route for row in ROWS} == set(routes()) - OPEN


# --- How each route is asked ------------------------------------------------------------------------------------------


def targets(people: Cast, stage: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """The arguments of each route's address that are not simply the assessment."""
    key = people.rubric.items.filter(rule="judged", offices=people_office(people)).first().key

    def evidence() -> dict[str, Any]:
        return {"pk": Evidence.objects.get(sheet__assessment=people.assessment, sheet__stage=Stage.SELF).pk}

    item = {"pk": people.assessment.pk, "stage": stage, "key": key}
    sheet, in_cycle = {"pk": people.assessment.pk, "stage": stage}, {"pk": people.cycle.pk, "key": key}
    department = {"pk": people.assessment.pk, "department": people.office.pk}
    return {
        **{f"ballots:{name}": lambda: {"pk": people.assessment.pk} for name in ("list", "create", "take")},
        **{f"ballots:{name}": lambda: {"pk": ballot_of(people, BallotState.DRAFT).pk} for name in DRAFT_BALLOT_ROUTES},
        **{f"ballots:{name}": lambda: {"pk": ballot_of(people, BallotState.OPEN).pk} for name in OPEN_BALLOT_ROUTES},
        "reports:ballot_slips": lambda: {"pk": ballot_of(people, BallotState.OPEN).pk},
        "assessments:sheet": lambda: sheet,
        "assessments:adopt": lambda: sheet,
        **{f"assessments:{name}": lambda: sheet for name in ("workbook", "offline", "offline_confirm", "paste")},
        "assessments:save_item": lambda: item,
        "assessments:attach": lambda: item,
        "assessments:items": lambda: {"pk": people.cycle.pk},
        **{f"assessments:by_item{name}": lambda: {**in_cycle, "rubric": people.rubric.pk} for name in ("", "_paste")},
        "assessments:item_history": lambda: item,
        "assessments:sign_off": lambda: department,
        "assessments:take_back": lambda: department,
        "assessments:evidence": evidence,
        "assessments:remove_evidence": evidence,
        "cycles:detail": lambda: {"pk": people.cycle.pk},
        "cycles:deadlines": lambda: {"pk": people.cycle.pk},
        **{f"rubrics:{name}": lambda: {"pk": people.rubric.pk} for name in ("detail", "copy", "difference", "export")},
        **{f"rubrics:{name}": lambda: {"pk": issued_by(people.county).pk} for name in ("next_version", "rebase")},
        "rubrics:overlay": lambda: {"pk": issued_by(None).pk},
        "rubrics:replace": lambda: {"pk": draft_of(people).pk},
        **draft_targets(people),
        **reminder_targets(people),
        **grading_targets(people),
        **standing_targets(people),
        **export_targets(people),
        **list_targets(people),
        **notice_targets(people),
        **draw_targets(people),
        **official_targets(people),
        **aftermath_targets(people),
        **award_targets(people),
        **objection_targets(people),
        "reports:form_pdf": lambda: {"pk": people.rubric.pk},
        "reports:form_xlsx": lambda: {"pk": people.rubric.pk},
        "orgs:edit_department": lambda: {"pk": people.office.pk},
        "orgs:remove_department": lambda: {"pk": people.office.pk},
        "orgs:uploads": dict,
        **{f"orgs:{name}": lambda: {"kind": "organizations"} for name in ("upload", "upload_template")},
        **{f"orgs:{name}": lambda: {"pk": list_of(people).pk} for name in UPLOAD_ROUTES},
        "people:edit": lambda: {"pk": people.clerk.pk},
        "people:reset_password": lambda: {"pk": people.clerk.pk},
        "people:set_active": lambda: {"pk": people.clerk.pk},
        "people:grant": lambda: {"pk": people.clerk.pk},
        "people:revoke": lambda: {"pk": people.clerk.memberships.get().pk},
        "people:hand_over": lambda: {"pk": people.clerk.memberships.get().pk},
        "reports:print_slips": dict,
        "reports:slip": lambda: {"pk": people.clerk.pk},
    }


DRAFT_BALLOT_ROUTES = ("edit", "drop", "open")
OPEN_BALLOT_ROUTES = ("detail", "papers", "close", "annul")


def ballot_of(people: Cast, state: BallotState) -> Ballot:
    """An annexed ballot of the assessing union, in preparation or open."""
    return Ballot.objects.get(assessment=people.assessment, state=state)


UPLOAD_ROUTES = (
    *("upload_page", "upload_progress", "wrong_rows"),
    *("match_upload", "rematch_upload", "recheck_upload", "confirm_upload", "discard_upload"),
)


def list_of(people: Cast) -> Upload:
    """A checked list of the administrator's with a wrong row."""
    file = SimpleUploadedFile("名单.csv", "单位名称\n甲\n".encode())
    branch = people.admin.memberships.get().organization
    found = receive(people.admin, ListKind.ORGANIZATIONS, branch, file, Format.CSV)
    found.state, found.columns, found.figures = UploadState.CHECKED, ["name"], {Outcome.WRONG: 1}
    found.save()
    found.rows.create(number=2, outcome=Outcome.WRONG, title="甲", problems=[["kind", "缺"]])
    return found


def draft_of(people: Cast) -> Rubric:
    """A draft of the assessing union, with a doubt and the file that it came from."""
    found = Rubric.objects.filter(document__owner=people.county).first()
    if found is None:
        document = Document.objects.create(slug="own", title="自订办法", owner=people.county)
        found = Rubric.objects.create(document=document, code="own", title="-")
        write(read(people.rubric), found)
        found.doubts.create(code="nested", options=["by_hand"])
        Source.objects.create(
            document=document, name="原文.docx", file=ContentFile(b"-", "原文.docx"), uploaded_by=people.admin
        )
    return found


def issued_by(owner: Organization | None) -> Rubric:
    """A published rubric of that union, or one that came with the software, that leaves points to unions below."""
    slug = f"published-{owner.pk if owner else 0}"
    document, _new = Document.objects.get_or_create(slug=slug, title="已发布", owner=owner)
    found = document.rubrics.first()
    return found or small_rubric(document=document, overlay_points=5)


def draft_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    def row() -> dict[str, Any]:
        return {"pk": draft_of(people).pk, "key": "1-1"}

    return {
        **{f"rubrics:draft{name}": lambda: {"pk": draft_of(people).pk} for name in DRAFT_ROUTES},
        **{f"rubrics:draft_{name}": row for name in ("item", "rule", "split", "group")},
        "rubrics:draft_list": lambda: {"pk": draft_of(people).pk, "part": "bands"},
        "rubrics:draft_section": lambda: {"pk": draft_of(people).pk, "number": 0},
        "rubrics:draft_settle": lambda: {"pk": draft_of(people).pk, "doubt": draft_of(people).doubts.get().pk},
        "rubrics:draft_source": lambda: {"pk": draft_of(people).pk, "source": Source.objects.get().pk},
    }


DRAFT_ROUTES = ("", "_facts", "_click", "_undo", "_publish", "_delete")


def notice_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    cycle = {"pk": people.cycle.pk}
    return {
        **{f"notices:{name}": lambda: cycle for name in ("list", "prepare", "close")},
        **{f"notices:{name}": lambda: {**cycle, "number": second_notice(people)} for name in ("detail", "changes")},
    }


def second_notice(people: Cast) -> int:
    """The number of a notice that another one stands before."""
    publish_cycle(people)
    return publish_cycle(people).snapshot.number


def posted_to_drafts(people: Cast) -> dict[str, dict[str, Any]]:
    """That the person saw the draft as it stands; else all of them would be answered 409."""
    seen = {"seen": digest(read(draft_of(people)))}
    return {
        "rubrics:draft_click": {"op": "up", "key": "1-1", **seen},
        "rubrics:draft_settle": {"option": "by_hand", **seen},
        **{f"rubrics:draft_{name}": seen for name in ("undo", "publish", "delete")},
    }


def grading_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        **{f"grading:{name}": lambda: {"pk": people.cycle.pk} for name in ("table", "rules")},
        **{
            f"grading:{name}": lambda: {"pk": people.assessment.pk}
            for name in ("ruling", "confirm", "withdraw", "opinions")
        },
    }


def standing_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    """Before the publication; what it changes the tests of the pages say."""
    names = ("cards", "statistics", *_files("ranking"))
    tables = {f"reports:{name}": lambda: {"pk": people.cycle.pk} for name in names}
    return tables | {f"reports:{name}": lambda: {"pk": people.cycle.pk, "word": "losses"} for name in _files("topic")}


def _files(page: str) -> tuple[str, ...]:
    return page, f"{page}_xlsx", f"{page}_pdf"


def export_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    routes = ("export", "export_progress", "export_file", "cancel_export", "resume_export", "delete_export")
    return {"reports:exports": dict, **{f"reports:{name}": lambda: {"pk": file_of(people).pk} for name in routes}}


def list_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    """Lists as files, and the page that orders all marks of a cycle."""
    files = ("grading", "consequences", "objections", "cycle_changes")
    of_cycle = ("order_marks", *(f"{name}_xlsx" for name in files))
    return {
        "reports:assessments_xlsx": dict,
        "reports:coverage_xlsx": lambda: {"pk": people.city.pk},
        "reports:changes_xlsx": lambda: {"pk": people.township.pk},
        **{f"reports:{name}": lambda: {"pk": people.cycle.pk} for name in of_cycle},
    }


def file_of(people: Cast) -> Export:
    """A file of the administrator's that is ready."""
    until = timezone.now() + timedelta(days=1)
    ready = {"state": ExportState.DONE, "finished_at": timezone.now(), "expires_at": until}
    found = Export.objects.create(kind="-", by=people.admin, name="考核表", ending="zip", **ready)
    with files.draft(found) as path:
        path.write_bytes(b"PK")
        files.settle(path, files.whole(found))
    return found


def posted_to_grading(people: Cast, row: Row) -> dict[str, dict[str, Any]]:
    """A ruling that the reviewer proposed: another person confirms it, and each of them may withdraw it."""
    if row.route not in {"grading:confirm", "grading:withdraw"}:
        return {}
    by = {"proposed_by": people.reviewer, "proposed_at": timezone.now()}
    ruling = Ruling.objects.create(
        assessment=people.assessment, kind=RulingKind.OVERRIDE, rank=1, reason="弄虚作假", **by
    )
    return {row.route: {"ruling": ruling.pk}}


def draw_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        **{f"draws:{name}": lambda: {"pk": people.cycle.pk} for name in ("list", "create")},
        **{
            f"draws:{name}": lambda: {"pk": draw_of(people, DrawState.SEEDED).pk}
            for name in ("population", "exclude", "include", "freeze")
        },
        "draws:stop_freezing": lambda: {"pk": draw_of(people, DrawState.FREEZING).pk},
        **{f"draws:{name}": lambda: {"pk": draw_of(people, DrawState.FROZEN).pk} for name in FROZEN_DRAW_ROUTES},
        "draws:redraw": lambda: {"pk": draw_of(people, DrawState.DRAWN).pk},
        **{
            f"reports:{name}": lambda: {"pk": draw_of(people, DrawState.FROZEN).pk}
            for name in ("draw_record", "comparison_xlsx", "comparison_pdf")
        },
    }


FROZEN_DRAW_ROUTES = ("detail", "draw", "population_file", "verify", "comparison")


def draw_of(people: Cast, state: DrawState) -> Draw:
    """A draw with the assessed organisation as its whole population."""
    member = Member("县", str(people.assessment.pk), people.assessment.name)
    said = {"purpose": "spot_check", "seed": "7", "seed_source": "会议", "share": Decimal(1), "seeded_by": people.admin}
    frozen, now = state in {DrawState.FROZEN, DrawState.DRAWN}, timezone.now()
    digest = digest_of(canonical([member])) if frozen else ""
    said |= {"seeded_at": now, "frozen_at": now if frozen else None, "digest": digest}
    draw = Draw.objects.create(cycle=people.cycle, number=1, state=state, **said)
    if digest:
        kept = {"stratum": member.stratum, "key": member.key, "name": member.name}
        draw.members.create(assessment=people.assessment, rank=rank_of(digest, "7", member), **kept)
    return draw


def people_office(people: Cast) -> Any:
    return people.rubric.offices.get(name=people.office.name)


def address(people: Cast, row: Row) -> str:
    found = targets(people, row.stage)
    if row.route in found:
        url = reverse(row.route, kwargs=found[row.route]())
        return f"{url}{asked(people).get(row.route, '')}"
    namespace = row.route.partition(":")[0]
    owner = {"assessments": people.assessment, "reports": people.assessment, "orgs": people.township}.get(namespace)
    argument = owner is not None and not row.route.endswith(":list")
    url = reverse(row.route, args=[owner.pk] if argument and owner else [])
    return f"{url}{asked(people).get(row.route, '')}"


def asked(people: Cast) -> dict[str, str]:
    """What stands in the address after the question mark, where a route needs it."""
    return {
        "people:create": f"?organization={people.township.pk}",
        "people:grant": f"?organization={people.neighbour.pk}",
        "reports:print_slips": f"?people={people.clerk.pk}",
    }


def posted(people: Cast, row: Row) -> dict[str, Any]:
    """Data that the route takes, where it must take it for its right to be seen."""
    key = targets(people, row.stage or Stage.SELF)["assessments:save_item"]()["key"]
    return {
        "assessments:save_item": {f"p-{key}": "1", f"r-{key}": "改", f"v-{key}": "1"},
        "ballots:annul": {"reason": "印错了"},
        "ballots:papers": {"votes_0": "1", "votes_1": "0", "votes_2": "0", "spoilt": "0"},
        "reports:ballot_slips": {"number": "2"},
        "reports:cards": {"file": "cards_workbooks"},
        "assessments:attach": {"files": SimpleUploadedFile("照片.pdf", PDF + b"%")},
        "orgs:move": {"parent": people.other_county.pk},
        "orgs:merge": {"target": people.neighbour.pk},
        **(posted_to_drafts(people) if row.route.startswith("rubrics:draft_") else {}),
        **posted_to_aftermath(people),
        **posted_to_objections(),
        **(posted_to_awards(people) if row.route.startswith("awards:") else {}),
        **posted_to_grading(people, row),
        "draws:exclude": {"assessment": people.assessment.pk, "reason": "上月刚检查过"},
        "draws:include": {"assessment": people.assessment.pk},
        "people:hand_over": {"login": people.chair.username},
        "reports:print_slips": {"people": people.clerk.pk},
        "assessments:send_back": {"reason": "请补充材料"},
        "assessments:reopen": {"reason": "有异议"},
        "assessments:withdraw": {"reason": "已撤销"},
        "assessments:resume": {"reason": "恢复"},
    }.get(row.route, {})


def logged_in(user: User) -> str:
    """The key of a session of theirs."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answers(sessions: dict[str, str], people: Cast, row: Row) -> dict[str, str]:
    """What everybody is answered; what the route needs is made once, and all of it is undone afterwards."""
    with transaction.atomic():
        url, data = address(people, row), posted(people, row) if row.ask == "POST" else {}
        found = {column: answer(session, row, url, data) for column, session in sessions.items()}
        transaction.set_rollback(True)
    return found


def answer(session: str, row: Row, url: str, data: dict[str, Any]) -> str:
    """'yes', or the status that says no, to one request, which is undone afterwards."""
    client = Client(raise_request_exception=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    for value in data.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    with transaction.atomic():
        response = client.get(url) if row.ask == "GET" else client.post(url, data)
        status, place = response.status_code, response.headers.get("Location", "")
        if response.streaming:
            b"".join(response)  # a file is closed when it has been read
        transaction.set_rollback(True)
    assert not (place.startswith("/login/") and row.route != "logout"), row
    return "yes" if status in {200, 302, 422} else str(status)


# --- The cast in each state -------------------------------------------------------------------------------------------


@remembered
def prepared(state: str) -> Cast:
    people = cast()
    key = targets(people, Stage.SELF)["assessments:save_item"]()["key"]
    upload = SimpleUploadedFile("台账.pdf", PDF)
    services.attach(people.chair, people.assessment, Stage.SELF, key, upload)
    for title in ("准备中", "进行中"):
        asked = ballot_draft(purpose=Purpose.ANNEX, title=title)
        ballot = ballots.save_ballot(again(people.assessor), people.assessment, asked)
    ballots.open_ballot(again(people.assessor), ballot)
    draft_of(people)
    issued_by(people.county)
    issued_by(None)
    if state == State.ASSESSING:
        bring_to(people, State.ASSESSING)
        fill(people.assessor, people.assessment, Stage.ASSESS)
    else:
        bring_to(people, State(state))
    return people


ROWS_A_TEST = 40  # so that they can share the work


def in_state(state: str) -> list[Row]:
    return [row for row in ROWS if state in row.states]


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("state", "first"),
    [(state, first) for state in State.values for first in range(0, len(in_state(state)), ROWS_A_TEST)],
)
def test_each_person_is_answered_as_the_table_says(state: str, first: int) -> None:
    people = prepared(state)
    rows = in_state(state)[first : first + ROWS_A_TEST]
    sessions = {column: logged_in(getattr(people, name)) for column, name in PEOPLE.items()}
    found = {str(row): answers(sessions, people, row) for row in rows}
    assert found == {str(row): row.answers for row in rows}


@pytest.mark.django_db
@pytest.mark.any_database
def test_without_a_login_every_route_leads_to_it() -> None:
    people = prepared(State.ASSESSING)
    client = Client()
    for row in ROWS:
        with transaction.atomic():  # what one route needs may stand in another's way
            url = address(people, row)
            response = client.get(url) if row.ask == "GET" else client.post(url)
            transaction.set_rollback(True)
        assert response.status_code == 302, row
        assert response["Location"].startswith("/login/"), row


def test_a_right_that_is_taken_ends_at_once(db: None) -> None:
    people = prepared(State.SELF_SCORING)
    client = Client()
    client.force_login(people.clerk)
    page = reverse("assessments:sheet", args=[people.assessment.pk, Stage.SELF])
    assert client.get(page).status_code == 200
    User.objects.get(pk=people.clerk.pk).memberships.all().delete()
    assert client.get(page).status_code == 404
