"""A column of scores pasted for one item of many organisations; the page of the item saves what it would change."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments import byitem
from assessments.forms.offline import PasteForm
from assessments.offline.across import asked_across, compare_across
from assessments.offline.columns import MEANINGS, Items, Meaning
from assessments.offline.difference import Fate
from assessments.offline.filled import Unusable
from assessments.offline.pasting import Pasted, table, understand
from assessments.offline.scope import Asked
from assessments.views.answers import UNPROCESSABLE, Request
from assessments.views.byitem import asked_or_404
from assessments.views.offline import columns_of
from orgs.acting import narrowed
from rubrics.convert import to_kernel

KNOWN_START = 3
"""Characters of a name that tell it from others, if no other begins so."""
HERE = {one: label for one, label in MEANINGS.items() if one != Meaning.NUMBER} | {
    Meaning.WORDING: gettext_lazy("Organisation")
}


@require_http_methods(["GET", "HEAD", "POST"])
def across(request: Request, pk: int, rubric: int, key: str) -> HttpResponse:
    cycle, of, row = asked_or_404(request, pk, rubric, key)
    column = byitem.column(narrowed(request), cycle, of, row)
    lines = byitem.lines(narrowed(request), of, row, column.assessments)
    asked = asked_across(row, to_kernel(of).by_key[row.key], lines)
    form = PasteForm(tuple(asked.values()), request.POST or None)
    place = [cycle.pk, of.pk, row.key]
    context = {
        "cycle": cycle,
        "form": form,
        "across": True,
        "crumbs": "byitem/_paste_crumbs.html",
        "subtitle": f"{row.key} {row.text}",
        "back_url": reverse("assessments:by_item", args=place),
        "paste_url": reverse("assessments:by_item_paste", args=place),
        "save_url": reverse("assessments:by_item", args=place),
    }
    if not form.is_valid():
        return render(request, "offline/paste.html", context)
    try:
        block = table(form.cleaned_data["text"])
    except Unusable as error:
        return render(request, "offline/paste.html", {**context, "refused": error.sentences}, status=UNPROCESSABLE)
    found = understand(block, Items(tuple(asked.values()), KNOWN_START), form.meanings(), form.cleaned_data["start"])
    keys = dict(zip(asked, (line.assessment.pk for line in lines), strict=True))
    return render(request, "offline/preview.html", {**context, **_shown(asked, keys, found)})


def _shown(asked: dict[str, Asked], keys: dict[str, int], found: Pasted) -> dict[str, object]:
    """What the preview shows: line by line, and by what becomes of each organisation's mark."""
    difference = compare_across(asked, keys, found.filled)
    entries = {entry.row.key: entry for entry in difference.entries if entry.row}
    groups = {str(fate): difference.of(fate) for fate in Fate}
    return {
        "pasted": found,
        "lines": [{"line": one, "entry": entries.get(str(keys.get(one.key, "")))} for one in found.lines],
        "columns": columns_of(found),
        "meanings": HERE,
        "difference": difference,
        "groups": groups,
        "staying": len(groups[Fate.SAME]),
    }
