"""The rows of a checked list -> one call of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orgs.models import Outcome
from orgs.services.base import BATCH
from orgs.services.crowd import Arrival, PostKeys, write_people

if TYPE_CHECKING:
    from orgs.importing.spec import Tell
    from orgs.models import Upload

NEW = "people"
"""Where the figures of an upload keep the keys of the people that it added, for their slips."""


def write(upload: Upload, tell: Tell) -> None:
    """See `ListSpec.write`."""
    wanted = upload.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED)).order_by("number")
    facts: dict[int, dict[str, Any]] = {}
    posts: dict[int, list[PostKeys]] = {}
    keys: dict[int, int | None] = {}
    for values, target in wanted.values_list("values", "target").iterator(BATCH):
        who = values["who"]
        keys[who] = target
        facts.setdefault(who, {}).update(values["facts"])
        posts.setdefault(who, []).extend([PostKeys(*values["post"])] if values["post"] else [])
    made = write_people(upload.by, [Arrival(keys[who], facts[who], posts[who]) for who in keys], tell)
    upload.figures = {**upload.figures, NEW: [person.pk for person in made]}
