"""Who stands on which rung: the overview, a ladder, the list of titles, one organisation."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.awards import merits
from assessments.awards.conditions import in_words
from assessments.awards.honours import (
    called,
    candidacies_visible_to,
    filled_in_by,
    ladders_visible_to,
    on_rungs,
    phase,
    ratios,
    rounds_visible_to,
    standing,
    titles_visible_to,
)
from assessments.awards.permissions import may_open_rounds, may_record_title, may_revoke_title
from assessments.forms.awards import TitleFilter
from assessments.models import Candidacy, CandidacyState, Holder, Rung, Title
from assessments.views.answers import Request
from assessments.views.awards.base import organization_or_404
from orgs.acting import narrowed
from orgs.models import Organization, User
from orgs.paging import page_of

PER_PAGE = 20


@require_safe
def index(request: Request) -> HttpResponse:
    reader = narrowed(request)
    given = Count("candidacies", filter=Q(candidacies__state=CandidacyState.AWARDED))
    page = page_of(rounds_visible_to(reader).annotate(given=given), request.GET.get("page"), PER_PAGE)
    context = {
        "page": page,
        "rounds": [(one, phase(one)) for one in page],
        "ladders": [
            (ladder, on_rungs(reader, ladder), ratios(reader, ladder)) for ladder in ladders_visible_to(reader)
        ],
        "own": filled_in_by(reader)[:PER_PAGE],
        "may_open": may_open_rounds(request.user),
    }
    return render(request, "awards/list.html", context)


@require_safe
def ladder(request: Request, slug: str) -> HttpResponse:
    reader = narrowed(request)
    found = get_object_or_404(ladders_visible_to(request.user), slug=slug)
    rungs = on_rungs(reader, found)
    needs = merits.needs_of([rung.pk for rung, _number in rungs])
    chosen = called(rungs, request.GET.get("rung"))
    context = {
        "ladder": found,
        "rungs": [(rung, number, [in_words(need) for need in needs[rung.pk]]) for rung, number in rungs],
        "ratios": ratios(reader, found),
        "chosen": chosen,
        "page": page_of(standing(reader, found, chosen), request.GET.get("page")),
    }
    return render(request, "awards/ladder.html", context)


@require_safe
def titles(request: Request) -> HttpResponse:
    form = TitleFilter(request.user, request.GET)
    found = form.matching(titles_visible_to(narrowed(request)))
    context = {"form": form, "narrows": form.narrows, "page": page_of(found, request.GET.get("page"))}
    return render(request, "awards/titles.html", context)


@require_safe
def organization(request: Request, pk: int) -> HttpResponse:
    found = organization_or_404(request, pk)
    held = list(Title.objects.filter(organization=found).select_related("rung__ladder", "round__owner"))
    for title in held:
        title.organization = found
    context = {
        "organization": found,
        "titles": [(title, title.revoked_on is None and may_revoke_title(request.user, title)) for title in held],
        "ahead": _ahead(request.user, found, held),
        "candidacies": candidacies_visible_to(request.user).filter(organization=found).order_by("-pk")[:PER_PAGE],
        "may_record": may_record_title(request.user, found) and not found.closed_on,
    }
    return render(request, "awards/organization.html", context)


def _ahead(user: User, organization: Organization, held: list[Title]) -> list[dict[str, Any]]:
    """The rungs with conditions that an organisation does not hold, each with what is met today."""
    holds = {title.rung_id for title in held if title.revoked_on is None}
    with_conditions = Rung.objects.filter(
        ladder__in=ladders_visible_to(user).values("pk"), holder=Holder.ORGANIZATION, conditions__isnull=False
    )
    rungs = [rung for rung in with_conditions.distinct().select_related("ladder") if rung.pk not in holds]
    as_if = [Candidacy(rung=rung, organization=organization) for rung in rungs]
    found = merits.findings(as_if, timezone.localdate().year)
    return [{"rung": rung, "findings": each} for rung, each in zip(rungs, found, strict=True)]
