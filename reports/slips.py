"""First passwords as slips of paper to be cut apart, eight to a page unless names are long; kept nowhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from orgs.models import Membership
from orgs.services.base import words_of
from reports.slip_sheet import slip_sheet
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orgs.services import Slip

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
    with translation.override(LANGUAGE):
        return slip_sheet("reports/slips.html", "slips.css", cards(slips), address=address)


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
