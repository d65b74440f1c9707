"""How every view here begins: fetch through a scoped queryset (stranger: 404), ask a predicate (reader: 403)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from orgs.queries import people_visible_to, visible_to

if TYPE_CHECKING:
    from orgs.models import Organization, User


class Request(HttpRequest):
    """A request behind LoginRequiredMiddleware: somebody is logged in."""

    user: User


def fetch_organization(request: Request, pk: int) -> Organization:
    return get_object_or_404(visible_to(request.user).select_related("kind", "parent", "industrial_union"), pk=pk)


def fetch_person(request: Request, pk: int) -> User:
    return get_object_or_404(people_visible_to(request.user), pk=pk)


def allow(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
