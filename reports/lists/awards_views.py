"""Awards as files: what the pages of a round, of the titles and of a ladder show, all of it."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.awards.honours import (
    called,
    candidacies_visible_to,
    in_order,
    ladders_visible_to,
    on_rungs,
    ratios,
    standing,
    titles_visible_to,
)
from assessments.forms.awards import TitleFilter
from assessments.views.answers import Request
from assessments.views.awards.base import round_or_404
from orgs.acting import narrowed
from reports.lists import awards
from reports.lists.views import as_file


@require_safe
@never_cache
def round_xlsx(request: Request, pk: int) -> FileResponse:
    """The candidates that the page shows by and by, with what each candidate's own page says."""
    award_round = round_or_404(request, pk)
    found = in_order(candidacies_visible_to(request.user).filter(round=award_round))
    return as_file(award_round.name, pgettext("award", "Candidates"), awards.of_round(award_round, found))


@require_safe
@never_cache
def titles_xlsx(request: Request) -> FileResponse:
    form = TitleFilter(request.user, request.GET)
    if not form.is_valid():
        raise Http404
    found = form.matching(titles_visible_to(narrowed(request)))
    return as_file("", pgettext("award", "Titles"), [awards.titles(found)])


@require_safe
@never_cache
def ladder_xlsx(request: Request, slug: str) -> FileResponse:
    """The rungs, who stands on them, and how far the goals are reached."""
    reader = narrowed(request)
    ladder = get_object_or_404(ladders_visible_to(request.user), slug=slug)
    rungs = on_rungs(reader, ladder)
    holders = standing(reader, ladder, called(rungs, request.GET.get("rung")))
    tables = [awards.rungs(rungs), awards.titles(holders)]
    if found := ratios(reader, ladder):
        tables.append(awards.goals(found))
    return as_file(ladder.name, _("Holders"), tables)
