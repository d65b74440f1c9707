"""What the frame of every page shows of a person: the navigation by right, and the posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs import acting
from orgs.permissions import OVERSEERS, posts
from orgs.roles import Role

if TYPE_CHECKING:
    from typing import Any

    from django.template import Context

    from orgs.permissions import Post

register = template.Library()

EVERY_ROLE = frozenset(Role)

ENTRIES = (
    ("home", _("Home"), None),
    ("assessments:list", _("Assessments"), EVERY_ROLE),
    ("cycles:list", _("Cycles"), EVERY_ROLE),
    ("coverage:home", _("Coverage"), OVERSEERS),
    ("awards:list", pgettext_lazy("award", "Awards"), EVERY_ROLE),
    ("rubrics:list", _("Rubrics"), EVERY_ROLE),
    ("orgs:list", _("Organisations"), EVERY_ROLE),
    ("people:list", _("People"), OVERSEERS),
)
"""Route, label, and the roles that see it (None: everyone who is logged in). What each page shows is decided there."""

UNDER = {
    "ballots": "assessments",
    "assessments:items": "cycles",
    "assessments:by_item": "cycles",
    "assessments:by_item_paste": "cycles",
    "reports:print_slips": "people",
    "reports:order_marks": "cycles",
    **dict.fromkeys(
        ("reports:cards", "reports:ranking", "reports:statistics", "reports:topic", "reports:official"), "cycles"
    ),
    **dict.fromkeys(
        ("draws", "grading", "notices", "objections", "consequences", "year_reports", "reminders"), "cycles"
    ),
}
"""Whose entry is the current one in parts of the site, or on pages, that have none of their own."""


@register.inclusion_tag("_navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    roles = {post.role for post in posts(context["user"])}
    match = getattr(context.get("request"), "resolver_match", None)
    page = match.view_name if match else ""
    part = page.partition(":")[0]
    here = UNDER.get(page, UNDER.get(part, part))
    return {
        "entries": [
            {"url": url, "label": label, "current": here == route.partition(":")[0]}
            for route, label, wanted in ENTRIES
            if (wanted is None or roles & wanted) and (url := _url(route))
        ]
    }


@register.simple_tag(takes_context=True)
def held_posts(context: Context) -> tuple[Post, ...]:
    return tuple(post for post in posts(context["user"]) if post.heir_id is None)


@register.inclusion_tag("_acting.html", takes_context=True)
def acting_for(context: Context) -> dict[str, Any]:
    """The switch between the organisations of a person who has several; empty for everybody else."""
    request = context.get("request")
    held = acting.seats(context["user"]) if request else {}
    seat = acting.chosen(request) if request and len(held) > 1 else None
    return {
        "choices": held.items() if len(held) > 1 else (),
        "seat": seat,
        "name": held.get(seat, "") if seat else "",
        "here": request.get_full_path() if request else "",
        "csrf_token": context.get("csrf_token"),
    }


def _url(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
