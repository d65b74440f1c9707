"""A number longer than any key, in each field that any route looks at: a page, a 'no', never a broken server.

Which fields a route looks at it says itself: whatever it asks for in the address or the form, it is given the number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client

from assessments.workflow import State
from tests.factories import Cast
from tests.test_rights import ROWS, Row, address, logged_in, prepared

LONG = "9" * 40
"""More than 64 bits."""

LONGEST = "9" * 5000
"""More digits than int() reads."""

asked: set[str] = set()
"""The fields that a route looked at."""


class Everywhere(QueryDict):
    """A form, or a query string, in which the number stands in every field."""

    number = ""

    def __bool__(self) -> bool:
        return True

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> str:  # type: ignore[override]
        asked.add(key)
        return self.number

    def get(self, key: str, default: object = None) -> str:  # type: ignore[override]
        return self[key]

    def getlist(self, key: str, default: object = None) -> list[str]:  # type: ignore[override]
        return [self[key]]

    def copy(self) -> QueryDict:  # type: ignore[override]
        """For links to other pages of a list: what is changed there is an ordinary one."""
        return QueryDict(f"page={self.number}", mutable=True)


def filled_with_numbers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: the number that the request brings along stands in all that it asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if number := request.headers.get("X-Number"):
            fields: Any = Everywhere()
            fields.number = number
            if request.method == "POST":
                request.POST = fields  # type: ignore[misc]
            else:
                request.GET = fields  # type: ignore[misc]
        return get_response(request)

    return middleware


@pytest.mark.django_db
@pytest.mark.any_database
def test_a_number_longer_than_any_key_breaks_no_page(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.filled_with_numbers"]
    people = prepared(State.FINAL)
    session = logged_in(people.admin)
    once = {(row.route, row.ask): row for row in ROWS}.values()
    answers = {str(row): answered(session, people, row) for row in once}
    assert {name: found for name, found in answers.items() if any(found)} == {}


def answered(session: str, people: Cast, row: Row) -> list[str]:
    """What broke with either number; all that the route needs is made once, and undone afterwards."""
    with transaction.atomic():
        url = address(people, row).partition("?")[0]
        asked.clear()
        found = [broken(session, row, url, LONG)]
        if asked:  # else the route looks at no field
            found.append(broken(session, row, url, LONGEST))
        transaction.set_rollback(True)
    return found


def broken(session: str, row: Row, url: str, number: str) -> str:
    client = Client(raise_request_exception=True, headers={"X-Number": number})
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session
    try:
        with transaction.atomic():
            response = client.get(url) if row.ask == "GET" else client.post(url)
            if response.streaming:
                b"".join(response)  # a file is closed when it has been read
            transaction.set_rollback(True)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is an answer of 500
        return repr(error)
    return "" if response.status_code < 500 else str(response.status_code)
