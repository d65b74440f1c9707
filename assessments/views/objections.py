"""Objections to published results: entered, rechecked, settled."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import objecting, services, turning
from assessments.forms.objections import ObjectionForm, RecheckForm, RegisterForm, SettleForm
from assessments.models import Assessment, Objection, ObjectionState
from assessments.permissions import may_decide, may_handle, may_handle_objections, may_object, may_read
from assessments.queries import cycles_visible_to
from assessments.services import Refused
from assessments.services import objections as handling
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals, refused, visible_or_404
from assessments.workflow import State
from orgs.paging import page_of
from rubrics.rows import Row, rows

PER_PAGE = 30
ASSESSMENT = ("assessment__cycle__owner", "assessment__rubric", "assessment__kind", "assessment__assessor")


def _objection_or_404(request: Request, pk: int) -> Objection:
    found = objecting.objections_visible_to(request.user)
    return get_object_or_404(found.select_related(*ASSESSMENT, "assessment__reviewer", "notice", "recheck"), pk=pk)


def _lines(assessment: Assessment) -> list[Row]:
    return [row for row in rows(assessment.rubric) if row.applies(assessment.kind.code)]


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    closed = objecting.no_notice(cycle)
    found = objecting.listed(request.user, cycle, open_only="open" in request.GET)
    page = page_of(found, request.GET.get("page"), PER_PAGE)
    for objection in page:
        objection.overdue = objecting.is_overdue(objection)  # type: ignore[attr-defined]
    typed = request.GET.get("q", "").strip()
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "objections:list"),
        "page": page,
        "open_only": "open" in request.GET,
        "no_notice": closed,
        "may_object": may_object(request.user),
        "may_search": not closed or may_decide(request.user, cycle),
        "typed": typed,
        "matches": objecting.published_named(cycle, typed) if typed else [],
        "republish": may_decide(request.user, cycle) and objecting.upheld_since_publishing(cycle).exists(),
    }
    return render(request, "objections/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    return _page(request, _objection_or_404(request, pk))


@require_POST
@never_cache
@refusals(back="objections:detail")
def objector(request: Request, pk: int) -> HttpResponse:
    """Who objected, in this one answer: asked for by POST, as each look is kept and no link may make somebody look."""
    objection = _objection_or_404(request, pk)
    return _page(request, objection, handling.look_at_objector(request.user, objection))


def _page(request: Request, objection: Objection, identity: objecting.Identity | None = None) -> HttpResponse:
    assessment = objection.assessment
    handles = may_handle(request.user, objection)
    reads = may_read(request.user, assessment)
    context = {
        "objection": objection,
        "assessment": assessment,
        "items": [row for row in _lines(assessment) if row.pk in set(objection.items.values_list("pk", flat=True))],
        "overdue": objecting.is_overdue(objection),
        "identity": identity,
        "looks": objecting.looks(request.user, objection),
        "handles": handles,
        "reads": reads,
        "mine": handling.may_take_back(request.user, objection),
        "ends": handling.ends(request.user, objection),
        "waits_for": objecting.rechecked_beside(objection) if objection.state == ObjectionState.OPEN else None,
        "way": objecting.way(objection),
        "rechecked": objecting.outcome_of_recheck(request.user, objection) if reads else None,
        "marks_now": turning.holder(assessment, State(assessment.state)),
        "republish": handles and objecting.upheld_since_publishing(assessment.cycle).exists(),
    }
    return render(request, "objections/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, pk: int) -> HttpResponse:
    found = objecting.objectionable_by(request.user).select_related("cycle__owner", "rubric", "kind")
    assessment = get_object_or_404(found, pk=pk)
    if not may_object(request.user):
        raise PermissionDenied(_("Auditors read; they do not object."))
    handles = may_handle_objections(request.user, assessment)
    data, lines = request.POST if request.method == "POST" else None, _lines(assessment)
    form = RegisterForm(lines, data) if handles else ObjectionForm(request.user, assessment, lines, data)
    try:
        handling.check_enterable(assessment, late=handles)
        made = kept(form, lambda: handling.register(request.user, assessment, form.entry))
    except Refused as refusal:
        return refused(request, refusal, reverse("objections:list", args=[assessment.cycle_id]))
    if made:
        messages.success(request, _("The objection is registered as No. %(number)s.") % {"number": made.number})
        return redirect("objections:detail", made.pk)
    context = {"form": form, "assessment": assessment, "handles": handles, "lines": objecting.tickable(lines, form)}
    return render(request, "objections/create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="objections:detail")
def recheck(request: Request, pk: int) -> HttpResponse:
    objection = _handled_or_403(request, pk)
    assessment = objection.assessment
    handling.check_recheckable(objection, assessment)
    lines = _lines(assessment)
    form = RecheckForm(objection, lines, request.POST if request.method == "POST" else None)
    opened = kept(form, lambda: handling.open_recheck(request.user, objection, form.cleaned_data["items"]))
    if opened:
        messages.success(request, _("The recheck is open: the named items wait to be marked again."))
        return redirect("objections:detail", pk)
    alone = objecting.unmarkable(assessment, [row.key for row in lines])
    context = {
        "objection": objection,
        "assessment": assessment,
        "form": form,
        "lines": objecting.tickable(lines, form, alone),
        "alone": alone,
        "marks": turning.holder(assessment, objecting.last_state(assessment)),
    }
    return render(request, "objections/recheck.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="objections:detail")
def settle(request: Request, pk: int) -> HttpResponse:
    objection = _objection_or_404(request, pk)
    if not may_handle(request.user, objection) and not handling.may_take_back(request.user, objection):
        raise PermissionDenied(_("Objections are settled by the deciding union; who entered one may take it back."))
    handling.check_settleable(objection, objection.assessment)
    ends = handling.ends(request.user, objection)
    form = SettleForm(ends, request.POST if request.method == "POST" else None)
    settled = kept(form, lambda: handling.settle(request.user, objection, **form.cleaned_data))
    if settled:
        messages.success(request, _("The objection is settled."))
        return redirect("objections:detail", pk)
    context = {"objection": objection, "assessment": objection.assessment, "form": form, "ends": ends}
    return render(request, "objections/settle.html", context)


@require_POST
@refusals(back="assessments:detail")
def stand(request: Request, pk: int) -> HttpResponse:
    """Who rechecks agrees with the marks as they stand."""
    assessment = visible_or_404(request, pk)
    saved = services.stand_by_marks(request.user, assessment)
    messages.success(request, _("Noted: these marks stand after the recheck: %(items)s.") % {"items": _keys(saved)})
    return redirect("assessments:sheet", pk, saved.sheet.stage)


def _keys(saved: services.Saved) -> str:
    return "、".join(key for key in saved.versions if key in saved.contents)


def _handled_or_403(request: Request, pk: int) -> Objection:
    objection = _objection_or_404(request, pk)
    if not may_handle(request.user, objection):
        raise PermissionDenied(_("Objections are handled by the deciding union."))
    return objection
