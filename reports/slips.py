"""First passwords as slips of paper to be cut apart, eight to a page unless names are long; kept nowhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from orgs.models import Membership
from orgs.services.base import batches, words_of
from reports.pdf import ONE_AT_A_TIME, NothingFetched
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orgs.services import Slip

STYLESHEET = Path(settings.BASE_DIR) / "static" / "reports" / "slips.css"
ROW = 2
"""Slips beside one another."""

POSTS_SHOWN = 2
"""Posts that fit on a slip; of more, their number is said."""


@dataclass(frozen=True, slots=True)
class SlipCard:
    """What stands on one slip."""

    name: str
    posts: tuple[str, ...]
    more: int
    username: str
    phone: str
    password: str
    until: datetime | None


def render(slips: Sequence[Slip], address: str) -> bytes:
    """The slips as a PDF, organisation by organisation. `address` is where one logs in."""
    with ONE_AT_A_TIME, translation.override(LANGUAGE):
        rows = list(batches(cards(slips), ROW))
        html = render_to_string("reports/slips.html", {"rows": rows, "address": address})
        fonts, stylesheet = _engine()
        document = HTML(string=html, url_fetcher=NothingFetched())
        return bytes(document.write_pdf(font_config=fonts, stylesheets=[stylesheet]))


def cards(slips: Sequence[Slip]) -> list[SlipCard]:
    """In the order of the tree, as they are handed out; one query for everybody's posts."""
    held: dict[int, list[Membership]] = defaultdict(list)
    posts = Membership.objects.filter(user__in=[slip.person.pk for slip in slips], organization__closed_on=None)
    for post in posts.select_related("organization", "department").order_by("organization__path", "role"):
        held[post.user_id].append(post)
    ordered = sorted(slips, key=lambda slip: (_place(held[slip.person.pk]), slip.person.sort_key))
    return [_card(slip, [words_of(post) for post in held[slip.person.pk]]) for slip in ordered]


def _place(posts: list[Membership]) -> str:
    return posts[0].organization.path if posts else ""


def _card(slip: Slip, posts: list[str]) -> SlipCard:
    person = slip.person
    return SlipCard(
        name=person.full_name,
        posts=tuple(posts[:POSTS_SHOWN]),
        more=max(len(posts) - POSTS_SHOWN, 0),
        username=person.username,
        phone=person.phone or "",
        password=slip.password,
        until=timezone.localtime(person.password_expires_at) if person.password_expires_at else None,
    )


@lru_cache(maxsize=1)
def _engine() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every print."""
    fonts = FontConfiguration()
    css = CSS(string=STYLESHEET.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=NothingFetched())
    return fonts, css
