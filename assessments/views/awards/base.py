"""What these views share: fetching by right, and a form whose service may refuse."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from assessments.awards.honours import candidacies_visible_to, organizations_within, rounds_visible_to
from assessments.models import AwardRound, Candidacy
from assessments.views.answers import Request
from orgs.models import Organization
from orgs.queries import visible_to


def round_or_404(request: Request, pk: int) -> AwardRound:
    return get_object_or_404(rounds_visible_to(request.user), pk=pk)


def candidacy_or_404(request: Request, pk: int) -> Candidacy:
    people = ("recommended_by", "proposed_by", "decided_by")
    return get_object_or_404(candidacies_visible_to(request.user).select_related(*people), pk=pk)


def organization_or_404(request: Request, pk: int) -> Organization:
    """Whoever sees the organisation's page, works at a union above it, or reads a candidacy of it."""
    candidates = Organization.objects.filter(pk__in=candidacies_visible_to(request.user).values("organization"))
    found = organizations_within(request.user) | visible_to(request.user) | candidates
    return get_object_or_404(found.select_related("kind"), pk=pk)
