"""What follows from a closed cycle's results: proposed, decided on, made up, inspected."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.aftermath import consequences as aftermath
from assessments.forms.aftermath import DecideForm, DoneForm, InspectForm, ReasonForm, TaskForm
from assessments.models import Consequence, ConsequenceKind, ConsequenceState, Cycle, MakeUpFile, MakeUpState
from assessments.permissions import may_decide, may_inspect_make_up, may_report_made_up
from assessments.queries import cycles_visible_to
from assessments.services import Refused
from assessments.services import aftermath as services
from assessments.tabs import tabs
from assessments.views.answers import Request, done, refusals
from assessments.views.evidence import attachment
from orgs.keys import key_of
from orgs.paging import page_of

SHOWN: dict[str, Q] = {
    "proposed": Q(state=ConsequenceState.PROPOSED),
    "confirmed": Q(state=ConsequenceState.CONFIRMED),
    "dropped": Q(state=ConsequenceState.DROPPED),
    "tasks": Q(kind=ConsequenceKind.MAKE_UP, state=ConsequenceState.CONFIRMED),
}
"""The filters of the list, beside "overdue" and everything."""


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    cycle = cycle_or_404(request, pk)
    found = aftermath.of_cycle(request.user, cycle)
    wanted = request.GET.get("show", "")
    page = page_of(filtered(found, wanted), request.GET.get("page"))
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "consequences:list"),
        "decides": may_decide(request.user, cycle),
        "filters": _filters(found, wanted),
        "wanted": wanted,
        "page": page,
        "lines": [(one, aftermath.is_overdue(one.task_state, one.task_due), _task_word(one)) for one in page],  # type: ignore[attr-defined]
        "form": DecideForm(),
        "open_ones": any(one.state == ConsequenceState.PROPOSED for one in page),
    }
    return render(request, "consequences/list.html", context)


def filtered(found: QuerySet[Consequence], wanted: str) -> QuerySet[Consequence]:
    """Those of a cycle that one of the filters wants; anything else: all."""
    return aftermath.overdue(found) if wanted == "overdue" else found.filter(SHOWN.get(wanted, Q()))


def _filters(found: Any, wanted: str) -> list[dict[str, Any]]:
    """One aggregate for all of them."""
    counts = found.order_by().aggregate(all=Count("pk"), **{name: Count("pk", filter=q) for name, q in SHOWN.items()})
    labels = {
        "": _("All"),
        "proposed": _("To be decided"),
        "confirmed": _("Confirmed"),
        "dropped": _("Not applied"),
        "tasks": _("Make-up tasks"),
        "overdue": _("Make-up overdue"),
    }
    counts |= {"": counts["all"], "overdue": aftermath.overdue(found).order_by().count()}
    return [
        {"name": name, "label": label, "count": counts[name], "current": name == wanted}
        for name, label in labels.items()
    ]


def _task_word(one: Any) -> str:
    return str(MakeUpState(one.task_state).label) if one.task_state else ""


@require_POST
@refusals(back="consequences:list")
def propose(request: Request, pk: int) -> HttpResponse:
    made = services.propose(request.user, cycle_or_404(request, pk))
    told = ngettext("%(count)d consequence is proposed.", "%(count)d consequences are proposed.", made)
    messages.success(request, told % {"count": made} if made else _("There is nothing new to propose."))
    return redirect("consequences:list", pk)


@require_POST
@refusals(back="consequences:list")
def decide(request: Request, pk: int) -> HttpResponse:
    """All ticked lines at once; one that is not of this cycle and none is decided."""
    cycle = cycle_or_404(request, pk)
    if not may_decide(request.user, cycle):
        raise PermissionDenied
    keys = {key_of(typed) for typed in request.POST.getlist("lines")}
    if Consequence.objects.filter(pk__in=keys, row__snapshot__cycle=cycle).count() != len(keys):
        raise Http404
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Please give the day like 2026-12-31; nothing was changed."))
    if request.POST.get("what") == "drop":
        done = services.drop(request.user, cycle, keys, form.cleaned_data["reason"])
    else:
        done = services.confirm(request.user, cycle, keys, due_on=form.cleaned_data["due_on"])
    told = ngettext("%(count)d line is decided.", "%(count)d lines are decided.", len(done))
    messages.success(request, told % {"count": len(done)})
    return redirect("consequences:list", pk)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    return _page(request, _consequence_or_404(request, pk))


@require_http_methods(["POST"])
@refusals(back="consequences:detail")
def confirm(request: Request, pk: int) -> HttpResponse:
    one = _consequence_or_404(request, pk)
    cycle = one.row.snapshot.cycle
    if one.kind != ConsequenceKind.MAKE_UP:
        services.confirm(request.user, cycle, [pk])
        return _confirmed(request, one)
    form = TaskForm(request.POST)

    def act() -> object:
        said = form.cleaned_data
        return services.confirm(request.user, cycle, [pk], due_on=said["due_on"], tasks={pk: said["task"]})

    return _confirmed(request, one) if done(form, act) else _page(request, one, confirming=form)


@require_POST
@refusals(back="consequences:detail")
def drop(request: Request, pk: int) -> HttpResponse:
    one = _consequence_or_404(request, pk)
    form = ReasonForm(request.POST)
    if done(form, lambda: services.drop(request.user, one.row.snapshot.cycle, [pk], form.cleaned_data["reason"])):
        messages.success(request, _("This is not applied; the reason is kept."))
        return redirect("consequences:detail", pk)
    return _page(request, one, dropping=form)


@require_POST
@refusals(back="consequences:detail")
def report(request: Request, pk: int) -> HttpResponse:
    one = _consequence_or_404(request, pk)
    form, files = DoneForm(request.POST), request.FILES.getlist("files")
    if done(form, lambda: services.report_made_up(request.user, one, form.cleaned_data["text"], files)):
        messages.success(request, _("Reported as done. The assessing union inspects it now."))
        return redirect("consequences:detail", pk)
    return _page(request, one, reporting=form)


@never_cache
@require_safe
def file(request: Request, pk: int) -> FileResponse:
    """What a report shows, for everybody who reads the consequence."""
    theirs = aftermath.consequences_visible_to(request.user)
    return attachment(get_object_or_404(MakeUpFile, pk=pk, make_up__consequence__in=theirs))


@require_POST
@refusals(back="consequences:detail")
def inspect(request: Request, pk: int) -> HttpResponse:
    one = _consequence_or_404(request, pk)
    form = InspectForm(request.POST)

    def act() -> object:
        said = form.cleaned_data
        passed = said["passed"] == "yes"
        return services.inspect(request.user, one, passed=passed, finding=said["finding"], due_on=said["due_on"])

    if done(form, act):
        messages.success(request, _("The inspection is noted."))
        return redirect("consequences:detail", pk)
    return _page(request, one, inspecting=form)


def _confirmed(request: Request, one: Consequence) -> HttpResponse:
    messages.success(request, _("Confirmed. The organisation sees it on its assessment's page."))
    return redirect("consequences:detail", one.pk)


def _page(request: Request, one: Consequence, **bound: forms.Form) -> HttpResponse:
    """A consequence with what the person can do about it now; `bound` has what they typed and the service refused."""
    cycle, assessment = one.row.snapshot.cycle, one.row.assessment
    attempts = list(one.make_ups.select_related("set_by", "reported_by", "inspected_by").prefetch_related("files"))
    current = attempts[0] if attempts else None
    decides = may_decide(request.user, cycle)
    proposed = one.state == ConsequenceState.PROPOSED
    task = one.kind == ConsequenceKind.MAKE_UP
    own = one.kind == ConsequenceKind.REVOCATION and one.proposed_by_id == request.user.pk
    state = current.state if current else ""
    reports = state == MakeUpState.SET and may_report_made_up(request.user, assessment)
    inspects = state == MakeUpState.REPORTED and may_inspect_make_up(request.user, assessment)
    usual = {"task": aftermath.proposed_tasks([assessment]).get(assessment.pk, "")} if task and proposed else {}
    revoked = one.kind == ConsequenceKind.REVOCATION and one.state == ConsequenceState.CONFIRMED
    context = {
        "one": one,
        "cycle": cycle,
        "assessment": assessment,
        "attempts": attempts,
        "late": bool(current and aftermath.is_overdue(current.state, current.due_on)),
        "remaining": aftermath.remaining_band(one),
        "decides": decides and proposed,
        "own": own,
        "confirming": bound.get("confirming") or (TaskForm(initial=usual) if task else None),
        "dropping": bound.get("dropping") or ReasonForm(),
        "reporting": (bound.get("reporting") or DoneForm()) if reports else None,
        "inspecting": (bound.get("inspecting") or InspectForm()) if inspects else None,
        "revoked": revoked,
        "correcting": aftermath.in_effect_by(one) if revoked else None,
        "correct_url": _correct_url(one) if revoked and may_decide(request.user, cycle) else "",
    }
    return render(request, "consequences/detail.html", context, status=200 if not bound else 422)


def _correct_url(one: Consequence) -> str:
    """To the notice that brings a revocation into effect, with its reason."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("%(name)s: the star is revoked. %(ground)s") % {"name": one.row.name, "ground": one.ground}
    page = reverse("notices:prepare", args=[one.row.snapshot.cycle_id])
    return f"{page}?{urlencode({'reason': reason[:500]})}"


def cycle_or_404(request: Request, pk: int) -> Cycle:
    return get_object_or_404(cycles_visible_to(request.user).select_related("owner", "branch", "document"), pk=pk)


def _consequence_or_404(request: Request, pk: int) -> Consequence:
    parts = ("row__snapshot__cycle__owner", "row__assessment__rubric", "row__assessment__assessor")
    found = aftermath.consequences_visible_to(request.user).select_related(*parts, "proposed_by", "decided_by")
    return get_object_or_404(found, pk=pk)
