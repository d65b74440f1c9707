"""One candidate: what is met and what is not, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.awards import merits
from assessments.awards.honours import places_left, title_of
from assessments.awards.permissions import may_decide_on
from assessments.models import CandidacyState
from assessments.services import awards
from assessments.views.answers import Request, refusals
from assessments.views.awards.base import candidacy_or_404


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    candidacy = candidacy_or_404(request, pk)
    undecided = candidacy.state == CandidacyState.PROPOSED
    [findings] = merits.shown([candidacy], candidacy.round.closes_on.year)
    context = {
        "candidacy": candidacy,
        "round": candidacy.round,
        "findings": findings,
        "undecided": undecided,
        "title": None if undecided else title_of(candidacy),
        "places": places_left(candidacy) if undecided else None,
        "all_met": all(one["met"] for one in findings),
        "may_decide": undecided and not candidacy.round.closed_at and may_decide_on(request.user, candidacy),
    }
    return render(request, "awards/candidacy.html", context)


@require_POST
@refusals(back="awards:candidacy")
def award(request: Request, pk: int) -> HttpResponse:
    title = awards.award(request.user, candidacy_or_404(request, pk))
    messages.success(request, _("“%(title)s” is awarded.") % {"title": title.rung.name})
    return redirect("awards:candidacy", pk)


@require_POST
@refusals(back="awards:candidacy")
def decline(request: Request, pk: int) -> HttpResponse:
    awards.decline(request.user, candidacy_or_404(request, pk), request.POST.get("reason", ""))
    messages.success(request, _("The decision is kept: not awarded."))
    return redirect("awards:candidacy", pk)
