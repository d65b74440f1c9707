"""For which of their organisations a person with several acts at the moment: narrows what pages list, never a right."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from orgs.permissions import posts

if TYPE_CHECKING:
    from django.http import HttpRequest

    from orgs.models import User

KEY = "acting_for"


def seats(user: User) -> dict[int, str]:
    """The organisations in which the person holds posts, by name."""
    return {post.organization_id: post.organization_name for post in posts(user) if post.heir_id is None}


def chosen(request: HttpRequest) -> int | None:
    """The organisation that the person acts for, None: all of theirs, as where the session names a lost one."""
    seat = request.session.get(KEY)
    held = seats(request.user)  # type: ignore[arg-type]
    return seat if len(held) > 1 and seat in held else None


def choose(request: HttpRequest, typed: str) -> None:
    """Keep the choice for the session; anything but one of the person's own organisations means all of them."""
    held = {str(seat): seat for seat in seats(request.user)}  # type: ignore[arg-type]
    if typed in held:
        request.session[KEY] = held[typed]
    else:
        request.session.pop(KEY, None)


def narrowed(request: HttpRequest) -> User:
    """The person with the posts of the chosen organisation alone: for lists and defaults. Rights ask `request.user`."""
    return narrowed_to(request.user, chosen(request))  # type: ignore[arg-type]


def narrowed_to(user: User, seat: int | None) -> User:
    """The person with the posts of one organisation alone, with none where they hold none in it; None: with all."""
    if seat is None:
        return user
    held = posts(user)
    reader = copy(user)
    reader.__dict__["_posts"] = tuple(post for post in held if post.seat_id == seat)
    reader.__dict__["_every_post"] = held
    return reader
