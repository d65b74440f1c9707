from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.shortcuts import redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

OPEN_ROUTES = frozenset({"password_change", "logout", "set_language", "healthz", "vote", "vote_thanks"})


class InitialPasswordMiddleware:
    """Whoever logs in with a first password sees nothing but the page to change it: it was on a slip of paper.

    Once it has expired it opens not even that page, whichever door it came in by: the login form says why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        person = request.user
        if not person.is_authenticated or not person.must_change_password:
            return None
        if person.first_password_expired:
            logout(request)
            return redirect("login")
        if request.resolver_match and request.resolver_match.view_name not in OPEN_ROUTES:
            return redirect("password_change")
        return None
