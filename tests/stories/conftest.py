"""What the stories share: people who log in through the form, and a clerk's way down a sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from orgs.models import User

PASSWORD = "kaoping-2026-story"


class Visitor:
    """A page and what people do on it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def log_in(self, user: User) -> Visitor:
        self.page.context.clear_cookies()
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        self.page.goto("/login/")
        self.page.fill("input[name=username]", user.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/")
        return self

    def open_sheet(self, assessment: int, stage: str) -> None:
        self.page.goto(f"/assessments/{assessment}/sheets/{stage}/")

    def type_points(self, answers: dict[str, str]) -> None:
        """Types from the first field down, with Enter from field to field, and waits until all is saved."""
        for field, value in answers.items():
            self.page.locator(f"[id='{field}']").fill(value)
            with self.page.expect_response(lambda answer: "/items/" in answer.url) as saved:
                self.page.keyboard.press("Enter")
            assert saved.value.status == 200, (field, saved.value.text())
            key = saved.value.url.rstrip("/").rpartition("/")[2]
            # the page takes the version and the sums over in one go, a moment after the answer has come
            expect(self.page.locator(f"[name='v-{key}']")).to_have_value(str(saved.value.json()["version"]))

    def fields(self) -> list[str]:
        cells = self.page.locator("[data-cell]:not(:disabled)")
        return [cells.nth(index).get_attribute("id") or "" for index in range(cells.count())]

    def sum(self, name: str) -> str:
        return self.page.locator(f"#sums [data-sum={name}]").inner_text()

    def wait_for_points(self, points: str) -> None:
        """Until the total beside the grid says so: what was kept has been sent."""
        expect(self.page.locator("#sums [data-sum=points]")).to_have_text(points, timeout=15_000)

    def move(self, assessment: int, action: str, reason: str = "", items: tuple[str, ...] = ()) -> None:
        """Takes one step of the workflow by its button on the overview."""
        self.page.goto(f"/assessments/{assessment}/")
        self.page.click(f"a[href$='/{action}/']")
        if reason:
            self.page.fill("textarea[name=reason]", reason)
        for key in items:
            self.page.check(f"input[name=items][value='{key}']")
        self.page.click("main form button[type=submit].btn-primary")
        self.page.wait_for_url(f"**/assessments/{assessment}/")

    def may(self, assessment: int, action: str) -> bool:
        self.page.goto(f"/assessments/{assessment}/")
        return self.page.locator(f"a[href$='/{action}/']").count() > 0


@pytest.fixture
def visitor(desktop: Page) -> Visitor:
    return Visitor(desktop)


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """Nothing on the page is wider than the screen."""

    def check(page: Page) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, page.url

    return check
