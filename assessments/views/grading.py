"""Grading a cycle: its rules, the table of what everybody is awarded, rulings by two persons, third opinions."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.grading import OpinionForm, RulesForm, RulingForm, TableForm
from assessments.grading import against_publishing, figures, graded, rules_in_words
from assessments.models import Assessment, Cycle, Opinion, Ruling
from assessments.permissions import (
    may_follow_decisions,
    may_give_opinion,
    may_manage_cycle,
    may_rule,
    may_write,
)
from assessments.queries import cycles_visible_to
from assessments.services import WrongState
from assessments.services import grading as deciding
from assessments.tabs import tabs
from assessments.tolerance import has_marked, standing
from assessments.views.answers import Request, done, refusals, visible_or_404
from assessments.workflow import Stage, State, open_stage
from orgs.keys import key_of
from orgs.paging import page_of


@require_safe
def table(request: Request, pk: int) -> HttpResponse:
    cycle = _cycle_or_404(request, pk)
    if not may_follow_decisions(request.user, cycle):
        raise PermissionDenied
    found = graded(cycle)
    form = TableForm(found.verdicts, request.GET)
    rows = form.matching(found.verdicts)
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "grading:table"),
        "form": form,
        "figures": figures(form.of_kind(found.verdicts)),
        "contests": found.named_contests,
        "uneven": found.uneven and not cycle.quota_per_kind,
        "against": against_publishing(found),
        "rules": rules_in_words(cycle),
        "page": page_of(rows, request.GET.get("page")),  # type: ignore[arg-type]  # a list is sliced alike
        "count": len(rows),
    }
    return render(request, "grading/table.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="cycles:detail")
def rules(request: Request, pk: int) -> HttpResponse:
    cycle = _cycle_or_404(request, pk)
    if not may_manage_cycle(request.user, cycle):
        raise PermissionDenied
    form = RulesForm(cycle, request.POST if request.method == "POST" else None)
    changed: list[str] = []

    def change() -> None:
        changed.extend(deciding.change_rules(request.user, cycle, form.rules))

    if done(form, change):
        told = _("The rules were changed: %(rules)s") if changed else _("Nothing was changed.")
        messages.success(request, told % {"rules": " ".join(changed)})
        return redirect("cycles:detail", pk)
    fixed = cycle.closed_at is not None or cycle.snapshots.exists()
    context = {"cycle": cycle, "form": form, "fixed": fixed, "rules": rules_in_words(cycle)}
    return render(request, "grading/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="grading:ruling")
def ruling(request: Request, pk: int) -> HttpResponse:
    """How one result came about, and what two persons ruled on it."""
    assessment = visible_or_404(request, pk, ("cycle__owner",))
    if not may_follow_decisions(request.user, assessment.cycle):
        raise PermissionDenied
    posted = request.method == "POST"
    if posted and not may_rule(request.user, assessment):
        raise PermissionDenied
    verdict = next(one for one in graded(assessment.cycle).verdicts if one.assessment.pk == pk)
    form = RulingForm(verdict, request.POST if posted else None)
    if done(form, lambda: deciding.propose_ruling(request.user, assessment, *form.said)):
        messages.success(request, _("Proposed. It counts as soon as another person has confirmed it."))
        return redirect("grading:ruling", pk)
    rules_on = may_rule(request.user, assessment) and verdict.final and not assessment.cycle.closed_at
    context = {
        "assessment": assessment,
        "verdict": verdict,
        "form": form if rules_on and verdict.scale and not verdict.ruling else None,
        "rules_on": rules_on,
        "own": verdict.ruling is not None and verdict.ruling.proposed_by == request.user.pk,
        "rulings": assessment.rulings.select_related("proposed_by", "confirmed_by", "withdrawn_by"),
    }
    return render(request, "grading/ruling.html", context)


@require_POST
@refusals(back="grading:ruling")
def confirm(request: Request, pk: int) -> HttpResponse:
    deciding.confirm_ruling(request.user, _ruling_or_404(request, pk))
    messages.success(request, _("Confirmed: the ruling counts from now on."))
    return redirect("grading:ruling", pk)


@require_POST
@refusals(back="grading:ruling")
def withdraw(request: Request, pk: int) -> HttpResponse:
    deciding.withdraw_ruling(request.user, _ruling_or_404(request, pk))
    messages.success(request, _("The ruling was withdrawn."))
    return redirect("grading:ruling", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="assessments:detail")
def opinions(request: Request, pk: int) -> HttpResponse:
    """Marks that are far from the stage before, and what third persons say of them."""
    assessment = visible_or_404(request, pk)
    stage = open_stage(State(assessment.state))
    if stage is None or stage == Stage.SELF:
        raise WrongState(_("No assessment or review is under way."))
    posted = request.method == "POST"
    if not (may_give_opinion if posted else may_write)(request.user, assessment):
        raise PermissionDenied
    found = standing(assessment, stage)
    marked = has_marked(request.user, assessment, stage)
    form = OpinionForm(found, request.POST if posted else None)
    if done(form, lambda: deciding.give_opinion(request.user, assessment, **form.said)):
        messages.success(request, _("Your opinion is kept."))
        return redirect("grading:opinions", pk)
    context = {
        "assessment": assessment,
        "stage": stage,
        "found": found,
        "form": form if found and may_give_opinion(request.user, assessment) and not marked else None,
        "marked": marked,
        "given": Opinion.objects.filter(sheet__assessment=assessment, sheet__stage=stage).select_related("item", "by"),
    }
    return render(request, "grading/opinions.html", context)


def _cycle_or_404(request: Request, pk: int) -> Cycle:
    return get_object_or_404(cycles_visible_to(request.user), pk=pk)


def _ruling_or_404(request: Request, pk: int) -> Ruling:
    """The ruling that the person saw on the assessment's page, for those who may follow decisions."""
    assessment: Assessment = visible_or_404(request, pk, ("cycle__owner",))
    if not may_follow_decisions(request.user, assessment.cycle):
        raise PermissionDenied
    return get_object_or_404(assessment.rulings, pk=key_of(request.POST.get("ruling")))
