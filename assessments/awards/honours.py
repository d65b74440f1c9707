"""Who reads what of awards, who stands on which rung, and how far a branch is from the goals of a ladder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from math import ceil
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments.models import AwardRound, Candidacy, CandidacyState, Holder, Ladder, Rung, Title
from assessments.workflow import UNIT_PEOPLE
from orgs.models import PATH_STEP, Level, Organization
from orgs.permissions import posts
from orgs.queries import NOTHING, in_subtree
from rubrics.scoring.exact import percent
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from orgs.models import User


def within(user: User, prefix: str = "") -> Q:
    """Organisations whose titles and candidacies a person reads: those they fill in sheets for, and the branches of
    the unions that they work at. `prefix` leads from the rows to the organisation."""
    held = posts(user)
    own = {post.organization_id for post in held if post.role in UNIT_PEOPLE.roles}
    branches = {post.path for post in held if post.role not in UNIT_PEOPLE.roles}
    seen = (in_subtree(path, f"{prefix}path") for path in sorted(branches))
    return reduce(or_, seen, Q(**{f"{prefix}pk__in": own}) if own else NOTHING)


def _led(user: User, prefix: str) -> Q:
    branches = {post.path for post in posts(user) if post.role not in UNIT_PEOPLE.roles}
    return reduce(or_, (in_subtree(path, f"{prefix}path") for path in sorted(branches)), NOTHING)


def organizations_within(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(within(user))


def filled_in_by(user: User) -> QuerySet[Organization]:
    """The organisations that a person fills in sheets for."""
    own = {post.organization_id for post in posts(user) if post.role in UNIT_PEOPLE.roles}
    return Organization.objects.filter(pk__in=own).order_by("path")


def has_branch(user: User) -> bool:
    """Whether a person sees more than organisations one by one."""
    return any(post.role not in UNIT_PEOPLE.roles for post in posts(user))


def rounds_visible_to(user: User) -> QuerySet[AwardRound]:
    """Rounds of the unions that a person belongs under, and of those in their branches."""
    return AwardRound.objects.filter(_above(user, "owner__") | within(user, "owner__")).select_related(
        "owner", "ladder"
    )


def ladders_visible_to(user: User) -> QuerySet[Ladder]:
    """Those that came with the software, and those of unions above or in the person's branches."""
    return Ladder.objects.filter(Q(owner=None) | _above(user, "owner__") | within(user, "owner__"))


def _above(user: User, prefix: str) -> Q:
    paths = {post.path for post in posts(user)}
    return Q(
        **{f"{prefix}path__in": {path[:end] for path in paths for end in range(PATH_STEP, len(path) + 1, PATH_STEP)}}
    )


def candidacies_visible_to(user: User) -> QuerySet[Candidacy]:
    """Those of the organisations that the person reads awards of, and those that an industrial union recommended, or
    could, for who works there."""
    theirs = within(user, "organization__") | Q(_led(user, "organization__industrial_union__"), round__industrial=True)
    found = Candidacy.objects.filter(theirs, round__in=rounds_visible_to(user).values("pk"))
    return found.select_related("rung", "organization", "round__owner", "round__ladder")


def titles_visible_to(user: User) -> QuerySet[Title]:
    found = Title.objects.filter(within(user, "organization__"))
    return found.select_related("rung__ladder", "organization", "round__owner")


# --- Standing ---------------------------------------------------------------------------------------------------------


def highest(titles: QuerySet[Title]) -> QuerySet[Title]:
    """Of each holder the highest title of a ladder that is held now."""
    higher = Title.objects.filter(
        rung__ladder=OuterRef("rung__ladder"),
        rung__position__gt=OuterRef("rung__position"),
        organization=OuterRef("organization"),
        person=OuterRef("person"),
        revoked_on=None,
    )
    return titles.filter(~Exists(higher), revoked_on=None)


def standing(user: User, ladder: Ladder, rung: Rung | None) -> QuerySet[Title]:
    """Who stands on a ladder in the person's branches, by the highest title held now; `rung`: on this one alone."""
    found = highest(titles_visible_to(user).filter(rung__ladder=ladder))
    found = found.filter(rung=rung) if rung else found
    return found.order_by("-rung__position", "organization__path", "person", "pk")


def on_rungs(user: User, ladder: Ladder) -> list[tuple[Rung, int]]:
    """The rungs of a ladder, the highest first, each with how many stand on it in the person's branches."""
    rungs = list(ladder.rungs.order_by("-position"))
    wanted = {f"on_{rung.pk}": Q(best=rung.position) for rung in rungs}
    counted = _counts(Title.objects.filter(within(user, "organization__"), rung__ladder=ladder), wanted)
    return [(rung, counted[f"on_{rung.pk}"]) for rung in rungs]


def _counts(titles: QuerySet[Title], wanted: Mapping[str, Q]) -> dict[str, int]:
    """How many holders of titles of one ladder have as their `best`, the position of the highest, what is wanted.

    Each title is looked at once, however many there are: a question for each holder would cost as many lookups.
    """
    holders = titles.filter(revoked_on=None).order_by().values("organization", "person")
    counted = {name: Count("best", filter=condition) for name, condition in wanted.items()}
    found: dict[str, int] = holders.annotate(best=Max("rung__position")).aggregate(**counted)
    return found


def called(rungs: Iterable[tuple[Rung, int]], code: str | None) -> Rung | None:
    """Of `on_rungs` the one that an address names."""
    return next((rung for rung, _number in rungs if rung.code == code), None)


def held_since(titles: QuerySet[Title], day: date) -> QuerySet[Title]:
    """Titles awarded on that day or before: those to be verified again."""
    return titles.filter(revoked_on=None, awarded_on__lte=day)


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; of the 29th of February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# --- Goals ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many base unions of a branch stand on a rung or higher, out of how many that could.

    whole  all open base unions for the lowest rung, for the others those on the rung below or higher
    """

    rung: Rung
    part: int
    whole: int

    @property
    def percent(self) -> str:
        """Cut, never rounded up; empty where there is nobody."""
        return format_points(percent(self.part, self.whole)) if self.whole else ""

    @property
    def goal(self) -> str:
        return format_points(self._goal)

    @property
    def reached(self) -> bool:
        return self.whole > 0 and self.part * 100 >= self._goal * self.whole

    @property
    def short(self) -> int:
        """How many more would reach the goal."""
        return max(0, ceil(self._goal * self.whole / 100) - self.part)

    @property
    def _goal(self) -> Decimal:
        return self.rung.goal or Decimal(0)


def ratios(user: User, ladder: Ladder) -> list[Ratio]:
    """The rungs of a ladder that have a goal, measured in the person's branches: three queries; none without one."""
    rungs = list(ladder.rungs.filter(holder=Holder.ORGANIZATION).order_by("position"))
    if not has_branch(user) or all(rung.goal is None for rung in rungs):
        return []
    base = {"level": Level.GRASSROOTS, "closed_on": None}
    everybody = Organization.objects.filter(within(user), **base).count()
    titles = Title.objects.filter(
        within(user, "organization__"), rung__ladder=ladder, **{f"organization__{name}": base[name] for name in base}
    )
    found = _counts(titles, {f"on_{rung.pk}": Q(best__gte=rung.position) for rung in rungs})
    wholes = [everybody, *(found[f"on_{rung.pk}"] for rung in rungs)]
    return [
        Ratio(rung, found[f"on_{rung.pk}"], whole)
        for rung, whole in zip(rungs, wholes, strict=False)
        if rung.goal is not None
    ]


# --- A round ----------------------------------------------------------------------------------------------------------


class Phase(models.TextChoices):
    """Where a round stands on a day."""

    COMING = "coming", gettext_lazy("Not open yet")
    CALLING = "calling", gettext_lazy("Open for candidates")
    DECIDING = "deciding", gettext_lazy("Being decided")
    CLOSED = "closed", gettext_lazy("Round closed")


def phase(award_round: AwardRound, today: date | None = None) -> Phase:
    """By the server's day in Asia/Shanghai; the last day for candidates runs to its last second."""
    today = today or timezone.localdate()
    if award_round.closed_at:
        return Phase.CLOSED
    if today < award_round.opens_on:
        return Phase.COMING
    return Phase.DECIDING if today > award_round.closes_on else Phase.CALLING


@dataclass(frozen=True, slots=True)
class Seats:
    """How many of a rung a round has awarded; `limit` None: any number."""

    rung: Rung
    taken: int
    candidates: int

    @property
    def limit(self) -> int | None:
        return self.rung.limit


def seats(one: AwardRound) -> list[Seats]:
    """The rungs of a round's ladder, the highest first: one query."""
    taken = Count("pk", filter=Q(state=CandidacyState.AWARDED))
    own = Candidacy.objects.filter(round=one, rung=OuterRef("pk")).order_by().values("rung")
    rungs: Iterable[Any] = (
        Rung.objects.filter(ladder=one.ladder_id)
        .order_by("-position")
        .annotate(
            taken=Subquery(own.annotate(n=taken).values("n")),
            candidates=Subquery(own.annotate(n=Count("pk")).values("n")),
        )
    )
    return [Seats(rung, rung.taken or 0, rung.candidates or 0) for rung in rungs]


def places_left(candidacy: Candidacy) -> int | None:
    """How many of its rung the round can still award; None: any number."""
    if candidacy.rung.limit is None:
        return None
    given = Candidacy.objects.filter(
        round=candidacy.round_id, rung=candidacy.rung_id, state=CandidacyState.AWARDED
    ).count()
    return max(0, candidacy.rung.limit - given)


def title_of(candidacy: Candidacy) -> Title | None:
    """The title that a candidacy was awarded, as long as it is held."""
    same = {"rung": candidacy.rung_id, "organization": candidacy.organization_id, "person": candidacy.person}
    return Title.objects.filter(round=candidacy.round_id, revoked_on=None, **same).first()


def in_order(candidacies: QuerySet[Candidacy]) -> QuerySet[Candidacy]:
    """The highest rung first, then as the tree stands."""
    return candidacies.order_by("-rung__position", F("organization__path"), "person", "pk")
