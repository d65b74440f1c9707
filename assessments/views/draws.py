"""Spot checks and revisits: a seed is said, the population frozen, names drawn; then how far the reviews are apart."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.draws import drawn, reviewing
from assessments.draws.population import candidates, population
from assessments.forms.draws import RedrawForm, SeedForm
from assessments.listing import named
from assessments.models import Assessment, Cycle, Draw, DrawState
from assessments.permissions import may_decide, may_follow_decisions
from assessments.queries import cycles_visible_to, visible_to
from assessments.services import WrongState
from assessments.services import draws as drawing
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals
from orgs import background
from orgs.downloads import file_name
from orgs.keys import key_of
from orgs.paging import page_of

TAB = "draws:list"


def _cycle_or_404(request: Request, pk: int) -> Cycle:
    return get_object_or_404(cycles_visible_to(request.user), pk=pk)


def followed_or_404(request: Request, pk: int) -> Draw:
    """The draw, for those who follow how its cycle is decided: 403 for others who know the cycle."""
    draw = get_object_or_404(drawn.draws_visible_to(request.user), pk=pk)
    if not may_follow_decisions(request.user, draw.cycle):
        raise PermissionDenied(_("Draws are read by the deciding union and by who oversees it."))
    return draw


def _check_decider(request: Request, cycle: Cycle) -> None:
    if not may_decide(request.user, cycle):
        raise PermissionDenied(_("Reviewers and administrators of the deciding union draw."))


def _page(request: Request, draw: Draw, **more: object) -> dict[str, object]:
    return {
        "draw": draw,
        "cycle": draw.cycle,
        "may_draw": may_decide(request.user, draw.cycle),
        "tabs": tabs(request.user, draw.cycle, TAB),
        **more,
    }


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    cycle = _cycle_or_404(request, pk)
    if not may_follow_decisions(request.user, cycle):
        raise PermissionDenied(_("Draws are read by the deciding union and by who oversees it."))
    page = page_of(cycle.draws.select_related("seeded_by"), request.GET.get("page"))
    numbers = drawn.figures(page)
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, TAB),
        "page": page,
        "lines": [(draw, numbers.get(draw.pk)) for draw in page],
        "may_draw": may_decide(request.user, cycle),
    }
    return render(request, "draws/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="draws:list")
def create(request: Request, pk: int) -> HttpResponse:
    cycle = _cycle_or_404(request, pk)
    _check_decider(request, cycle)
    form = SeedForm(request.POST if request.method == "POST" else None)
    made = kept(form, lambda: drawing.fix_seed(request.user, cycle, form.terms))
    if made:
        messages.success(request, _("The seed stands. Now the population can be frozen."))
        return redirect("draws:detail", made.pk)
    revisit = cycle.closed_at is not None
    return render(request, "draws/create.html", {"cycle": cycle, "form": form, "revisit": revisit})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    if not draw.frozen:
        return redirect("draws:population", pk)
    names = page_of(drawn.drawn_now(draw), request.GET.get("page"))
    context = _page(
        request,
        draw,
        layers=drawn.layers(draw),
        numbers=drawn.figures([draw])[draw.pk],
        names=names,
        page=names,
        replaced=drawn.replaced(draw).order_by("dropped_in__number", "stratum", "rank"),
        left_out=drawn.left_out(draw)[: drawn.NAMED],
        rounds=draw.rounds.select_related("by"),
    )
    return render(request, "draws/detail.html", context)


@require_safe
@never_cache
def candidates_(request: Request, pk: int) -> HttpResponse:
    """Who can be drawn, before the population is frozen: searched, and left out with reasons."""
    draw = followed_or_404(request, pk)
    if draw.frozen:
        return redirect("draws:detail", pk)
    if draw.state == DrawState.FREEZING:
        context = _page(request, draw, progress=drawing.progress_of(draw).read(), alive=background.alive())
        return render(request, "draws/freezing.html", context)
    typed = request.GET.get("q", "").strip()[:60]
    found = candidates(draw.cycle, draw.purpose)
    page = page_of(_matching(found, typed), request.GET.get("page"))
    shown = Assessment.objects.filter(pk__in=[one.pk for one in page])
    strata = {one.assessment: one.stratum for one in population(draw, shown)}
    excluded, count = draw.members.select_related("assessment").order_by("name"), found.count()
    reasons = {one.assessment_id: one.excluded_for for one in excluded}
    context = _page(
        request,
        draw,
        typed=typed,
        page=page,
        lines=[(one, strata[one.pk], reasons.get(one.pk, "")) for one in page],
        excluded=excluded,
        count=count,
        large=count > drawing.AT_ONCE,
    )
    return render(request, "draws/population.html", context)


def _matching(found: QuerySet[Assessment], typed: str) -> QuerySet[Assessment]:
    return found.filter(named(typed) if typed else Q()).order_by("path")


@require_POST
@refusals(back="draws:population")
def exclude(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    left = drawing.exclude(request.user, draw, _posted_assessment(request, draw), request.POST.get("reason", ""))
    messages.success(request, _("“%(name)s” is left out of this draw.") % {"name": left.name})
    return redirect("draws:population", pk)


@require_POST
@refusals(back="draws:population")
def include(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    assessment = _posted_assessment(request, draw)
    drawing.include(request.user, draw, assessment)
    messages.success(request, _("“%(name)s” can be drawn again.") % {"name": assessment.name})
    return redirect("draws:population", pk)


def _posted_assessment(request: Request, draw: Draw) -> Assessment:
    theirs = visible_to(request.user).filter(cycle=draw.cycle)
    return get_object_or_404(theirs, pk=key_of(request.POST.get("assessment")))


@require_POST
@refusals(back="draws:population")
def freeze(request: Request, pk: int) -> HttpResponse:
    draw = drawing.freeze_population(request.user, followed_or_404(request, pk))
    if draw.frozen:
        messages.success(request, _("The population is frozen and has its digest. Now the names can be drawn."))
    return redirect("draws:detail", pk)


@require_POST
@refusals(back="draws:population")
def stop_freezing(request: Request, pk: int) -> HttpResponse:
    drawing.stop_freezing(request.user, followed_or_404(request, pk))
    messages.success(request, _("Stopped: nothing is frozen."))
    return redirect("draws:population", pk)


@require_POST
@refusals(back="draws:detail")
def pull(request: Request, pk: int) -> HttpResponse:
    pulled = drawing.draw_names(request.user, followed_or_404(request, pk))
    count = pulled.drawn.count()
    told = ngettext(
        "%(count)d organisation is drawn; its review has begun.",
        "%(count)d organisations are drawn; their reviews have begun.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect("draws:detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="draws:detail")
def redraw(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    _check_decider(request, draw.cycle)
    if draw.state != DrawState.DRAWN:
        raise WrongState(_("Names can be drawn anew once they were drawn."))
    members = list(drawn.drawn_now(draw))
    free = reviewing.untouched([one.assessment for one in members])
    replaceable = [one for one in members if one.assessment_id in free]
    form = RedrawForm(members, request.POST if request.method == "POST" else None)
    if kept(form, lambda: drawing.redraw(request.user, draw, form.dropped, form.cleaned_data["reason"])):
        messages.success(request, _("Replaced. The record says why."))
        return redirect("draws:detail", pk)
    context = _page(request, draw, form=form, members=replaceable, begun=len(members) - len(replaceable))
    return render(request, "draws/redraw.html", context)


@require_safe
def population_file(request: Request, pk: int) -> HttpResponse:
    """The frozen population as the bytes that its digest is of."""
    draw = followed_or_404(request, pk)
    if not draw.frozen:
        return redirect("draws:population", pk)
    name = file_name(draw.cycle.name, draw.get_purpose_display(), draw.number)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{name}.txt"),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(drawn.population_text(draw).encode(), content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
def verify(request: Request, pk: int) -> HttpResponse:
    """Everything computed again from the stored rows."""
    draw = followed_or_404(request, pk)
    if not draw.frozen:
        return redirect("draws:population", pk)
    found = drawn.checks(draw)
    context = _page(request, draw, checks=found, agrees=all(one.agrees for one in found))
    return render(request, "draws/verify.html", context)


@require_safe
def comparison(request: Request, pk: int) -> HttpResponse:
    """How the reviews get on and, where they are confirmed, how far they are from the assessments."""
    draw = followed_or_404(request, pk)
    if not draw.frozen:
        return redirect("draws:population", pk)
    page = page_of(reviewing.reviewed(draw).select_related("rubric", "kind", "assessor"), request.GET.get("page"))
    waiting = reviewing.waiting(draw)
    context = _page(
        request,
        draw,
        page=page,
        lines=reviewing.compared(page),
        unions=reviewing.by_assessor(draw),
        waiting=waiting.order_by("path")[: drawn.NAMED],
        open_count=waiting.count(),
        done_count=reviewing.reviewed(draw).count(),
    )
    return render(request, "draws/comparison.html", context)
