"""Shenyang's six-good sheet from the clerk's first mark to the reviewer's last, in three stages."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.workflow import State
from orgs.models import Level, User
from orgs.roles import Role
from rubrics.models import Rubric
from tests import factories

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Street:
    """A street under a district under the city, with its people and its assessment."""

    pk: int
    clerk: User
    chair: User
    assessor: User
    reviewer: User


@pytest.fixture
def street(transactional_db: None) -> Street:
    factories.load_rubrics()
    city = factories.organization(None, "city", Level.CITY)
    district = factories.organization(city, "county", Level.COUNTY)
    unit = factories.organization(district, "township", Level.TOWNSHIP)
    cycle = factories.open_cycle_for(city, {"township": Rubric.objects.get(code="sy")})
    return Street(
        Assessment.objects.get(cycle=cycle, organization=unit).pk,
        factories.person((unit, Role.CLERK)),
        factories.person((unit, Role.CHAIR)),
        factories.person((district, Role.ASSESSOR)),
        factories.person((city, Role.REVIEWER)),
    )


def full(visitor, street: Street) -> dict[str, str]:
    """Every field of the open sheet with its full points."""
    points = {f"p-{i.key}": f"{i.points:f}" for i in Rubric.objects.get(code="sy").items.filter(points__isnull=False)}
    assert visitor.fields() == list(points)
    return points


def claim_in_the_province(page) -> None:
    """One shared experience in the blank line of the bonus, which is saved once it is whole."""
    page.select_option("[name='k-7-1-0-m']", "province")
    page.fill("[name='k-7-1-0-o']", "在全省街道工会工作会议上作交流发言")
    with page.expect_response(lambda answer: "/items/7-1/" in answer.url) as saved:
        page.fill("[name='k-7-1-0-d']", f"{timezone.localdate().year - 1}-06-18")
    assert saved.value.status == 200, saved.value.text()
    expect(page.locator("[name='k-7-1-1-o']")).to_have_value("")  # the next line is there


def card_total(page, street: Street) -> tuple[str, set[object]]:
    """The text of the PDF card and the values of the workbook, as the person downloads them."""
    pdf = page.request.get(f"/assessments/{street.pk}/scorecard.pdf")
    book = page.request.get(f"/assessments/{street.pk}/scorecard.xlsx")
    assert (pdf.status, book.status) == (200, 200)
    text = "".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf.body())).pages)
    sheet = openpyxl.load_workbook(io.BytesIO(book.body())).active
    return re.sub(r"\s", "", text), {cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def test_from_the_first_mark_to_the_signed_card(visitor, street: Street) -> None:
    page = visitor.page

    visitor.log_in(street.clerk)
    page.click(f"a[href='/assessments/{street.pk}/sheets/self/']")  # one click from home
    visitor.type_points(full(visitor, street))
    claim_in_the_province(page)
    assert (visitor.sum("points"), visitor.sum("scored")) == ("103", "27")
    page.locator("#item-1-1 summary").click()
    with page.expect_response(lambda answer: "/items/" in answer.url):  # saved in a pause of writing
        page.fill("textarea[name='r-1-1']", "党工委会议纪要三份")
    with page.expect_response(lambda answer: "/evidence/" in answer.url):
        page.set_input_files(
            "input[name='f-1-1']", {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
    page.wait_for_selector("#item-1-1 [data-files] a")
    assert page.inner_text("#item-1-1 [data-files] a") == "会议纪要.pdf"
    assert not visitor.may(street.pk, "submit")

    visitor.log_in(street.chair).move(street.pk, "submit")

    visitor.log_in(street.assessor)
    page.click(f"a[href='/assessments/{street.pk}/sheets/assess/']")
    assert "党工委会议纪要三份" in page.inner_text("#item-1-1")
    with page.expect_response(lambda answer: "/items/7-1/" in answer.url):  # recognised with a tick, and taken back
        page.check("[name='k-7-1-0-t']")
    with page.expect_response(lambda answer: "/items/7-1/" in answer.url):
        page.uncheck("[name='k-7-1-0-t']")
    visitor.move(street.pk, "send-back", reason="请说明组建率的计算口径", items=("2-3",))

    visitor.log_in(street.clerk)
    visitor.open_sheet(street.pk, "self")
    assert visitor.fields() == ["p-2-3"]
    visitor.type_points({"p-2-3": "5.5"})
    assert visitor.sum("points") == "102.5"

    visitor.log_in(street.chair).move(street.pk, "submit")

    visitor.log_in(street.assessor)
    visitor.open_sheet(street.pk, "assess")
    page.click(".sheet-side form button")  # take over the self-scores
    page.wait_for_selector(".message-success")
    visitor.type_points({"p-2-3": "5", "p-6-4": "3.5"})
    assert visitor.sum("points") == "101.5"
    visitor.move(street.pk, "forward")

    visitor.log_in(street.reviewer)
    visitor.open_sheet(street.pk, "review")
    page.click(".sheet-side form button")
    page.wait_for_selector(".message-success")
    visitor.type_points({"p-1-1": "2.5"})
    assert visitor.sum("points") == "101"
    visitor.move(street.pk, "confirm")

    assert Assessment.objects.get(pk=street.pk).state == State.FINAL
    text, values = card_total(page, street)
    for total in ("102.5", "101.5", "101"):
        assert total in page.inner_text("main")
        assert total in text
        assert float(total) in values


def test_what_a_dropped_network_and_an_ended_session_leave(visitor, street: Street) -> None:
    page = visitor.page
    visitor.log_in(street.clerk)
    visitor.open_sheet(street.pk, "self")
    session = page.context.cookies()

    page.context.set_offline(True)
    page.fill("[id='p-1-1']", "2.5")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-status].is-waiting")
    page.context.set_offline(False)
    visitor.wait_for_points("2.5")

    page.context.clear_cookies()
    page.fill("[id='p-1-2']", "3")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-status] a[href='/login/']")
    page.context.add_cookies(session)
    visitor.wait_for_points("5.5")

    page.context.set_offline(True)
    page.fill("[id='p-1-3']", "1")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-status].is-waiting")
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    visitor.open_sheet(street.pk, "self")  # the page is opened anew before it could save
    visitor.wait_for_points("6.5")


def test_two_people_edit_one_item(visitor, street: Street, browser, live_server) -> None:
    page = visitor.page
    visitor.log_in(street.clerk)
    visitor.open_sheet(street.pk, "self")
    factories.save(street.chair, Assessment.objects.get(pk=street.pk), "self", "1-1", "1")
    page.fill("[id='p-1-1']", "3")
    page.keyboard.press("Enter")
    page.wait_for_selector("#item-1-1.is-wrong button")
    assert str(street.chair) in page.inner_text("#item-1-1 [data-message]")
    page.click("#item-1-1 [data-message] button >> nth=0")
    page.wait_for_selector("#item-1-1.is-scored")
    assert visitor.sum("points") == "3"


def test_wrong_numbers_are_told_beside_the_field(visitor, street: Street) -> None:
    page = visitor.page
    visitor.log_in(street.clerk)
    visitor.open_sheet(street.pk, "self")
    for typed in ("4", "0.3", "abc", "-1", "1e1"):
        page.fill("[id='p-1-1']", typed)
        with page.expect_response(lambda answer: "/items/" in answer.url) as answer:
            page.keyboard.press("Enter")
        assert answer.value.status == 422
        page.wait_for_selector("#item-1-1 [role=alert]")
        assert "1-1" in page.inner_text("#item-1-1 [role=alert]")
    assert visitor.sum("scored") == "0"


def test_without_javascript_the_form_saves_whole(browser, live_server, street: Street) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    from tests.stories.conftest import Visitor

    visitor = Visitor(page).log_in(street.clerk)
    visitor.open_sheet(street.pk, "self")
    page.fill("[id='p-1-1']", "2")
    page.fill("[id='p-1-2']", "9")
    page.click(".sheet-foot button[type=submit]")
    assert page.input_value("[id='p-1-2']") == "9"
    assert page.locator("#item-1-2 [role=alert]").count() == 1
    page.fill("[id='p-1-2']", "1.5")
    page.click(".sheet-foot button[type=submit]")
    page.wait_for_selector(".message-success")
    assert (page.input_value("[id='p-1-1']"), page.input_value("[id='p-1-2']")) == ("2", "1.5")
    assert visitor.sum("points") == "3.5"
    context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(phone, street: Street, fits) -> None:
    from tests.stories.conftest import Visitor

    visitor = Visitor(phone).log_in(street.clerk)
    for path in (
        "/",
        "/assessments/",
        f"/assessments/{street.pk}/",
        f"/assessments/{street.pk}/sheets/self/",
        "/rubrics/",
    ):
        phone.goto(path)
        fits(phone)
    visitor.open_sheet(street.pk, "self")
    visitor.type_points({"p-1-1": "3"})
