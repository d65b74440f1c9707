"""Who may do what with awards. Predicates; views, templates and services read these and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from assessments.workflow import DECIDERS, UNIT_PEOPLE
from orgs.models import PATH_STEP, Organization, path_ids
from orgs.permissions import every_post, holds, may_place, oversees, posts
from orgs.queries import NOTHING, in_subtree
from orgs.roles import Role

if TYPE_CHECKING:
    from assessments.models import AwardRound, Candidacy, Title
    from orgs.models import User

RECOMMENDERS = frozenset({Role.ADMIN, Role.ASSESSOR})
"""Who recommends candidates for the union that they work at (推荐申报)."""


def may_open_rounds(user: User) -> bool:
    return any(post.role in DECIDERS.roles for post in posts(user))


def may_run_round(user: User, award_round: AwardRound) -> bool:
    """Reviewers and administrators of the union that awards: they decide on candidates and close the round."""
    return holds(user, award_round.owner_id, DECIDERS.roles)


def may_decide_on(user: User, candidacy: Candidacy) -> bool:
    """Nobody decides on an organisation that they fill in sheets for."""
    theirs = any(
        post.organization_id == candidacy.organization_id and post.role in UNIT_PEOPLE.roles
        for post in every_post(user)
    )
    return may_run_round(user, candidacy.round) and not theirs


def recommended_by(user: User, award_round: AwardRound) -> QuerySet[Organization]:
    """The open organisations that a person may recommend: those below the unions at or under the awarding one that
    they are assessors or administrators of, and, if the round says so, those with one of these as industrial union."""
    found = NOTHING
    for path in _recommending(user, award_round):
        found |= in_subtree(path) & ~Q(path=path)
        if award_round.industrial:
            found |= in_subtree(path, "industrial_union__path")
    return Organization.objects.filter(found, closed_on=None)


def recommending_union(user: User, award_round: AwardRound, organization: Organization) -> int | None:
    """The union for which a person recommends an organisation, of several the nearest above it; None: for none.

    The same people as `recommended_by` finds the organisation for; its industrial union only where none above it is.
    """
    own, paths = organization.path, _recommending(user, award_round)
    above = [path for path in paths if own != path and own.startswith(path)]
    if not above and award_round.industrial and organization.industrial_union:
        above = [path for path in paths if organization.industrial_union.path.startswith(path)]
    return path_ids(max(above, key=len))[-1] if above else None


def may_recommend_any(user: User, award_round: AwardRound) -> bool:
    return bool(_recommending(user, award_round))


def _recommending(user: User, award_round: AwardRound) -> set[str]:
    top = award_round.owner.path
    return {post.path for post in posts(user) if post.role in RECOMMENDERS and post.path.startswith(top)}


may_record_title = may_place
"""Titles from before are recorded by administrators of a union above the organisation."""


def may_revoke_title(user: User, title: Title) -> bool:
    """A title that a round awarded: who runs the round, and administrators above the awarding union. One that was
    recorded by hand: administrators above the organisation."""
    if title.round is None:
        return may_place(user, title.organization)
    above = title.round.owner.path[:-PATH_STEP]
    return may_run_round(user, title.round) or oversees(user, above, {Role.ADMIN})
