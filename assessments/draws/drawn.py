"""Draws, read: what is said, frozen and drawn, and whether it agrees with what anyone can recompute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.draws.drawing import Member, Pot, canonical, digest_of, replay, seats
from assessments.draws.population import as_members
from assessments.models import Draw, DrawMember, DrawState
from assessments.queries import cycles_visible_to

if TYPE_CHECKING:
    from orgs.models import User

NAMED = 200
"""Names that a page lists where its record has all."""

PULLED = Q(drawn_in__isnull=False)
DRAWN_NOW = Q(drawn_in__isnull=False, dropped_in=None)
LEFT_OUT = ~Q(excluded_for="")
REPLACED = Q(dropped_in__isnull=False)

COUNTED = {
    "population": Count("pk"),
    "excluded": Count("pk", filter=LEFT_OUT),
    "drawn": Count("pk", filter=DRAWN_NOW),
    "replaced": Count("pk", filter=REPLACED),
}
"""The fields of `Figures`, in their order."""


def draws_visible_to(user: User) -> QuerySet[Draw]:
    """Draws of the cycles that the person may see. Who may open them: `permissions.may_follow_decisions`."""
    found = Draw.objects.filter(cycle__in=cycles_visible_to(user).values("pk"))
    return found.select_related("cycle__owner", "seeded_by", "frozen_by")


@dataclass(frozen=True, slots=True)
class Figures:
    """How many a draw is about. Before the freeze the population is not known."""

    population: int = 0
    excluded: int = 0
    drawn: int = 0
    replaced: int = 0

    @property
    def open(self) -> int:
        return self.population - self.excluded


def figures(draws: Iterable[Draw]) -> dict[int, Figures]:
    """By draw, in one query."""
    told = DrawMember.objects.filter(draw__in=list(draws)).order_by().values_list("draw").annotate(**COUNTED)
    return {draw: Figures(*counts) for draw, *counts in told}


@dataclass(frozen=True, slots=True)
class Layer:
    """A stratum of a frozen draw. `empty`: seats that nobody is left for."""

    name: str
    size: int
    excluded: int
    seats: int
    drawn: int
    replaced: int

    @property
    def open(self) -> int:
        return self.size - self.excluded

    @property
    def empty(self) -> int:
        return max(self.seats - self.drawn, 0) if self.drawn or self.replaced else 0


def layers(draw: Draw) -> list[Layer]:
    """The strata with what each gives and gave, by name; one query."""
    told = draw.members.order_by("stratum").values_list("stratum").annotate(**COUNTED)
    rows = list(told)
    given = seats({name: size - excluded for name, size, excluded, *_rest in rows}, draw.share)
    return [Layer(name, size, excluded, given[name], drawn, gone) for name, size, excluded, drawn, gone in rows]


def drawn_now(draw: Draw) -> QuerySet[DrawMember]:
    """Those to be reviewed, by stratum and rank."""
    return draw.members.filter(DRAWN_NOW).select_related("assessment", "drawn_in")


def replaced(draw: Draw) -> QuerySet[DrawMember]:
    return draw.members.filter(REPLACED).select_related("assessment", "drawn_in", "dropped_in")


def left_out(draw: Draw) -> QuerySet[DrawMember]:
    return draw.members.filter(LEFT_OUT)


def population_text(draw: Draw) -> str:
    """The frozen population in canonical form: its SHA-256 is the digest of the draw."""
    return canonical(_members(draw))


def _members(draw: Draw) -> list[Member]:
    return as_members(draw.members.values_list("stratum", "key", "name", "excluded_for"))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was computed again. `differs` names keys, or both values, where it came out otherwise."""

    what: str
    agrees: bool
    differs: str = ""


def checks(draw: Draw) -> list[Check]:
    """Digest, ranks and rounds of a frozen draw, computed again from its stored rows."""
    members = _members(draw)
    digest = digest_of(canonical(members))
    found = [Check(_("Digest of the population"), digest == draw.digest, f"{digest} ≠ {draw.digest}")]
    pot = Pot.of(members, digest, draw.seed)
    stored = dict(draw.members.values_list("key", "rank"))
    found.append(_check(_("Ranks"), (key for key, rank in stored.items() if pot.ranks[key] != rank)))
    if draw.state == DrawState.DRAWN:
        found += _rounds(draw, pot)
    return found


def _rounds(draw: Draw, pot: Pot) -> list[Check]:
    told = draw.members.filter(PULLED).values_list("key", "drawn_in__number", "dropped_in__number")
    rows = list(told)
    numbers = list(draw.rounds.order_by("number").values_list("number", flat=True))
    drops = [{key for key, _in, out in rows if out == number} for number in numbers[1:]]
    expected = replay(pot, draw.share, drops)
    return [
        _check(
            _("Round %(number)s: who was drawn") % {"number": number},
            {key for key, drawn, _out in rows if drawn == number} ^ set(keys),
        )
        for number, keys in zip(numbers, expected, strict=True)
    ]


def _check(what: str, wrong: Iterable[str]) -> Check:
    keys = sorted(wrong)
    return Check(what, not keys, "、".join(keys[:20]))
