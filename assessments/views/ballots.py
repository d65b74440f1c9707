"""An assessment's ballots: prepared, opened, counted, closed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import services
from assessments.appraisal import ballots_visible_to, came_back, in_short, result_of, row_of
from assessments.forms.ballots import BallotForm, PapersForm
from assessments.models import Assessment, Ballot, BallotState
from assessments.permissions import may_hold_ballots
from assessments.services import WrongState
from assessments.services import ballots as holding
from assessments.services.ballots.base import check_taking_part
from assessments.services.ballots.codes import MOST_SLIPS
from assessments.views.answers import Request, kept, refusals, visible_or_404
from assessments.workflow import Stage, State
from orgs.models import User


def _ballot_or_404(request: Request, pk: int) -> Ballot:
    parts = ("assessment__cycle", "assessment__rubric", "assessment__kind", "assessment__assessor", "item")
    return get_object_or_404(ballots_visible_to(request.user).select_related(*parts), pk=pk)


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    assessment = visible_or_404(request, pk)
    found = ballots_visible_to(request.user).filter(assessment=assessment).select_related("item")
    ballots = list(found.prefetch_related("options"))
    for ballot in ballots:
        ballot.assessment = assessment
    lines = [
        {
            "ballot": ballot,
            "back": came_back(ballot),
            "told": in_short(ballot) if ballot.state == BallotState.CLOSED else "",
        }
        for ballot in ballots
    ]
    over = assessment.state in {State.FINAL, State.WITHDRAWN}
    holds = may_hold_ballots(request.user, assessment) and not over
    return render(request, "ballots/list.html", {"assessment": assessment, "lines": lines, "may_create": holds})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    ballot = _ballot_or_404(request, pk)
    holder = may_hold_ballots(request.user, ballot.assessment) and ballot.assessment.state != State.WITHDRAWN
    left = ballot.roster - ballot.used - (ballot.papers or 0)  # type: ignore[attr-defined]
    result = result_of(ballot)
    context = {
        "ballot": ballot,
        "assessment": ballot.assessment,
        "options": ballot.options.all(),
        "row": row_of(ballot),
        "back": came_back(ballot),
        "result": result,
        "holder": holder,
        "counters": ballot.paper_counts.count() if ballot.papers is None else 0,
        "may_annul": holder and (ballot.state == BallotState.OPEN or (result is not None and not result.counts)),
        "slips": min(left, MOST_SLIPS),
    }
    return render(request, "ballots/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="ballots:list")
def create(request: Request, pk: int) -> HttpResponse:
    assessment = visible_or_404(request, pk)
    _check_holder(request.user, assessment)
    if assessment.state == State.FINAL:
        raise WrongState(_("A final assessment gets no more ballots."))
    form = BallotForm(assessment, data=request.POST if request.method == "POST" else None)
    made = kept(form, lambda: holding.save_ballot(request.user, assessment, form.draft))
    if made:
        return redirect("ballots:detail", made.pk)
    return render(request, "ballots/form.html", {"form": form, "assessment": assessment})


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="ballots:detail")
def edit(request: Request, pk: int) -> HttpResponse:
    ballot = _ballot_or_404(request, pk)
    _check_holder(request.user, ballot.assessment)
    if ballot.state != BallotState.DRAFT:
        raise WrongState(_("What a ballot asks is fixed when it opens."))
    form = BallotForm(ballot.assessment, ballot, request.POST if request.method == "POST" else None)
    if kept(form, lambda: holding.save_ballot(request.user, ballot.assessment, form.draft, ballot)):
        return redirect("ballots:detail", pk)
    return render(request, "ballots/form.html", {"form": form, "assessment": ballot.assessment, "ballot": ballot})


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="ballots:detail")
def papers(request: Request, pk: int) -> HttpResponse:
    ballot = _ballot_or_404(request, pk)
    _check_holder(request.user, ballot.assessment)
    if ballot.state != BallotState.OPEN or ballot.papers is not None:
        raise WrongState(_("Papers can be entered once, while the ballot is open."))
    form = PapersForm(list(ballot.options.all()), request.POST if request.method == "POST" else None)
    counted = kept(form, lambda: holding.count_papers(request.user, ballot, form.votes, form.cleaned_data["spoilt"]))
    if counted and not counted.differ:
        told = (
            _("Both counts agree: the papers are added.")
            if counted.added
            else _("Your count is kept. Now a second person has to count and enter the papers.")
        )
        messages.success(request, told)
        return redirect("ballots:detail", pk)
    context = {"ballot": ballot, "form": form, "differ": counted.differ if counted else ()}
    return render(request, "ballots/papers.html", context)


@require_POST
@refusals(back="ballots:detail")
def open_(request: Request, pk: int) -> HttpResponse:
    holding.open_ballot(request.user, _ballot_or_404(request, pk))
    messages.success(request, _("The voting has begun."))
    return redirect("ballots:detail", pk)


@require_POST
@refusals(back="ballots:detail")
def close(request: Request, pk: int) -> HttpResponse:
    holding.close_ballot(request.user, _ballot_or_404(request, pk))
    messages.success(request, _("The ballot is closed."))
    return redirect("ballots:detail", pk)


@require_POST
@refusals(back="ballots:detail")
def annul(request: Request, pk: int) -> HttpResponse:
    holding.annul_ballot(request.user, _ballot_or_404(request, pk), request.POST.get("reason", ""))
    messages.success(request, _("The ballot is annulled."))
    return redirect("ballots:detail", pk)


@require_POST
@refusals(back="ballots:detail")
def drop(request: Request, pk: int) -> HttpResponse:
    ballot = _ballot_or_404(request, pk)
    holding.drop_ballot(request.user, ballot)
    messages.success(request, _("The ballot is thrown away."))
    return redirect("ballots:list", ballot.assessment_id)


@require_POST
@refusals(back="assessments:detail")
def take(request: Request, pk: int) -> HttpResponse:
    services.take_ballots(request.user, visible_or_404(request, pk))
    messages.success(request, _("The points of the ballots are entered."))
    return redirect("assessments:sheet", pk, Stage.ASSESS)


def _check_holder(user: User, assessment: Assessment) -> None:
    if not may_hold_ballots(user, assessment):
        raise PermissionDenied(_("Ballots are held by the assessors and administrators of the assessing union."))
    check_taking_part(assessment)
