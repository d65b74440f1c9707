"""Cycles: which there are, how one gets on, and opening one in two steps."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments import byitem, progress, services
from assessments.cycle_changes import changes_of
from assessments.forms.cycles import CycleForm, DeadlinesForm, RubricsForm
from assessments.grading import rules_in_words
from assessments.models import Cycle
from assessments.permissions import may_manage_cycle, may_remind, works_above_units
from assessments.queries import cycles_visible_to
from assessments.services import Forbidden, Plan, Refused
from assessments.services.cycles import with_two_superiors
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals
from assessments.workflow import State
from orgs.acting import chosen, narrowed
from orgs.paging import page_of
from orgs.permissions import oversees, posts
from orgs.roles import Role

PER_PAGE = 20


@require_safe
def index(request: Request) -> HttpResponse:
    reader = narrowed(request)
    page = page_of(cycles_visible_to(reader), request.GET.get("page"), PER_PAGE)
    context = {
        "page": page,
        "cycles": progress.overviews(reader, page),
        "may_open": _administers(request),
    }
    return render(request, "cycles/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    cycle = _visible_or_404(request, pk)
    reader = narrowed(request)
    course = progress.course(reader, cycle)
    states = [state.label for state in State]
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "cycles:detail"),
        "course": course,
        "states": states,
        "stats": zip(states, course.totals, strict=True),
        "ends": progress.stage_ends(reader, cycle, course),
        "missing": course.totals[list(State).index(State.SELF_SCORING)].count,
        "may_remind": may_remind(request.user, cycle),
        "coverage": progress.coverage(cycle) if oversees(request.user, cycle.owner.path) else None,
        "two_superiors": progress.with_two_superiors(reader, cycle),
        "by_item": byitem.waiting_in(reader, cycle).exists(),
        "may_manage": may_manage_cycle(request.user, cycle),
        "orders_marks": works_above_units(request.user, cycle),
        "rules": rules_in_words(cycle),
        "changes": changes_of(cycle),
    }
    return render(request, "cycles/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="cycles:detail")
def deadlines(request: Request, pk: int) -> HttpResponse:
    cycle = _visible_or_404(request, pk)
    if not may_manage_cycle(request.user, cycle):
        raise PermissionDenied
    now = {name: getattr(cycle, name) for name in ("self_deadline", "assess_deadline", "review_deadline")}
    form = DeadlinesForm(request.POST if request.method == "POST" else None, initial=now)
    if kept(form, lambda: services.change_deadlines(request.user, cycle, **form.days)):
        messages.success(request, _("The deadlines were changed."))
        return redirect("cycles:detail", pk)
    return render(request, "cycles/deadlines.html", {"cycle": cycle, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """The first step comes by GET and stores nothing; the second, posted, opens the cycle."""
    if not _administers(request):
        raise PermissionDenied
    posted = request.method == "POST"
    said = request.POST if posted else request.GET
    first = CycleForm(request.user, said if "owner" in said else None, chosen(request))
    if "change" in said or not first.is_valid():
        return render(request, "cycles/create.html", {"form": first})
    plan = first.cleaned_data
    kinds = services.survey(plan["owner"], plan["branch"], plan["document"])
    two = with_two_superiors(plan["owner"], plan["branch"])
    second = RubricsForm(kinds, plan["document"], request.POST if posted else None, two)
    if posted and second.is_valid():
        try:
            cycle = services.open_cycle(
                request.user, Plan(**first.plan, choices=second.choices, superior=second.assessing)
            )
        except Forbidden as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except Refused as refusal:
            second.add_error(None, str(refusal))
        else:
            return _opened(request, cycle)
    context = {"first": first, "plan": plan, "form": second, "total": sum(entry.organizations for entry in kinds)}
    return render(request, "cycles/survey.html", context)


def _opened(request: Request, cycle: Cycle) -> HttpResponse:
    count = cycle.assessments.count()
    told = ngettext(
        "The cycle is open: %(count)d organisation can begin its self-score.",
        "The cycle is open: %(count)d organisations can begin their self-score.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect("cycles:detail", cycle.pk)


def _administers(request: Request) -> bool:
    return any(post.role == Role.ADMIN for post in posts(request.user))


def _visible_or_404(request: Request, pk: int) -> Cycle:
    named = ("owner", "branch", "document", "opened_by")
    return get_object_or_404(cycles_visible_to(request.user).select_related(*named), pk=pk)
