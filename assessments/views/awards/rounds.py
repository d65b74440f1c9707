"""A round of awards: opened, filled with candidates, closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.awards import merits
from assessments.awards.honours import Phase, candidacies_visible_to, in_order, phase, seats
from assessments.awards.permissions import may_open_rounds, may_recommend_any, may_run_round, recommended_by
from assessments.forms.awards import CandidateForm, RoundForm
from assessments.models import AwardRound, Candidacy, CandidacyState
from assessments.services import Forbidden, awards
from assessments.views.answers import Request, kept, refusals
from assessments.views.awards.base import round_or_404
from orgs.acting import chosen
from orgs.keys import key_of
from orgs.paging import page_of
from orgs.queries import named

CANDIDATES = 20


@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: Request) -> HttpResponse:
    if not may_open_rounds(request.user):
        raise PermissionDenied
    form = RoundForm(request.user, request.POST if request.method == "POST" else None, chosen(request))
    try:
        made = kept(form, lambda: awards.open_round(request.user, form.call))
    except Forbidden as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    if made:
        messages.success(request, _("The round is open."))
        return redirect("awards:round", made.pk)
    return render(request, "awards/round_form.html", {"form": form})


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    award_round = round_or_404(request, pk)
    now = phase(award_round)
    found = in_order(candidacies_visible_to(request.user).filter(round=award_round))
    page = page_of(found, request.GET.get("page"))
    awarded = found.filter(state=CandidacyState.AWARDED).exists()
    runs = may_run_round(request.user, award_round) and now != Phase.CLOSED
    context = {
        "round": award_round,
        "phase": now,
        "seats": seats(award_round),
        "page": page,
        "lines": _lines(award_round, list(page)),
        "awarded": awarded,
        "may_close": runs,
        "may_recommend": now == Phase.CALLING and may_recommend_any(request.user, award_round),
    }
    return render(request, "awards/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="awards:round")
def propose(request: Request, pk: int) -> HttpResponse:
    """Search for the organisation, then fill in: a list to choose from would have 1,000,000 entries."""
    award_round = round_or_404(request, pk)
    if not may_recommend_any(request.user, award_round):
        raise PermissionDenied(_("Candidates are recommended by assessors and administrators of a union above them."))
    awards.check_window(award_round)
    theirs = recommended_by(request.user, award_round)
    asked = request.POST.get("organization") or request.GET.get("organization")
    if not asked:
        q = request.GET.get("q", "")
        found = theirs.filter(named(q)) if q.strip() else theirs
        candidates = found.select_related("parent", "kind").order_by("sort_key", "pk")[:CANDIDATES]
        return render(request, "awards/choose.html", {"round": award_round, "candidates": candidates, "q": q})
    organization = get_object_or_404(theirs, pk=key_of(asked))
    form = CandidateForm(award_round.ladder, request.POST if request.method == "POST" else None)
    made = kept(
        form,
        lambda: awards.propose(request.user, award_round, organization=organization, **form.said),
    )
    if made:
        messages.success(request, _("The candidate is proposed."))
        return redirect("awards:candidacy", made.pk)
    return render(request, "awards/propose.html", {"round": award_round, "organization": organization, "form": form})


@require_POST
@refusals(back="awards:round")
def close(request: Request, pk: int) -> HttpResponse:
    awards.close_round(request.user, round_or_404(request, pk))
    messages.success(request, _("The round is closed."))
    return redirect("awards:round", pk)


def _lines(award_round: AwardRound, candidates: list[Candidacy]) -> list[dict[str, Any]]:
    """Each candidate with how many conditions are met."""
    found = merits.shown(candidates, award_round.closes_on.year)
    return [
        {"candidacy": one, "met": sum(each["met"] for each in own), "asked": len(own)}
        for one, own in zip(candidates, found, strict=True)
    ]
