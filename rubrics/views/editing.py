"""The editor of a draft: one page that shows it, and one for each thing that is typed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from orgs.services.base import Refused
from orgs.views.fetch import Request
from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, SectionPlan, read
from rubrics.drafting.change import Conflict, change
from rubrics.drafting.checklist import checklist
from rubrics.drafting.codec import digest
from rubrics.drafting.example import Example, example_of
from rubrics.drafting.history import What
from rubrics.drafting.page import draft_page, original_of
from rubrics.forms import LISTS, FactsForm, GroupForm, ItemForm, KindsForm, RuleForm, SectionForm, SplitForm
from rubrics.models import Rubric
from rubrics.views.fetch import UNPROCESSABLE, on_draft, to_draft


@require_safe
@on_draft
def draft(request: Request, rubric: Rubric) -> HttpResponse:
    """The draft beside the table it was read from."""
    blueprint = read(rubric)
    source = rubric.document.sources.last()
    if request.GET.get("original") in {"shown", "hidden"}:
        request.session["original"] = request.GET["original"]
    hidden = request.session.get("original") == "hidden"
    last = rubric.edits.select_related("made_by").last()
    context = {
        "rubric": rubric,
        "blueprint": blueprint,
        "seen": digest(blueprint),
        "page": draft_page(rubric, blueprint),
        "checklist": checklist(rubric, blueprint),
        "source": source,
        "original": original_of(source, blueprint) if source and not hidden else [],
        "last": last,
        "last_what": What[last.what.upper()] if last else None,
    }
    return render(request, "rubrics/draft.html", context)


# --- What is typed ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def facts(request: Request, rubric: Rubric) -> HttpResponse:
    blueprint = read(rubric)
    form = FactsForm(blueprint, _posted(request))
    if form.is_valid() and _saved(request, rubric, form, (What.FACTS, "")):
        return to_draft(rubric)
    return _form_page(request, rubric, blueprint, form, heading=_("Title and rules for the whole"))


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def item(request: Request, rubric: Rubric, key: str) -> HttpResponse:
    blueprint = read(rubric)
    row = _row_or_404(blueprint, key)
    form = ItemForm(blueprint, row, _posted(request))
    if form.is_valid() and _saved(request, rubric, form, (What.ITEM, key)):
        return to_draft(rubric, f"item-{form.cleaned_data['key']}")
    return _form_page(request, rubric, blueprint, form, heading=_("Item %(key)s") % {"key": key}, row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def split(request: Request, rubric: Rubric, key: str) -> HttpResponse:
    blueprint = read(rubric)
    row = _row_or_404(blueprint, key)
    form = SplitForm(row, _posted(request))
    if form.is_valid() and _saved(request, rubric, form, (What.SPLIT, key)):
        return to_draft(rubric, f"item-{key}")
    return _form_page(request, rubric, blueprint, form, heading=_("Split item %(key)s in two") % {"key": key}, row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def group(request: Request, rubric: Rubric, key: str) -> HttpResponse:
    blueprint = read(rubric)
    row = _row_or_404(blueprint, key)
    form = GroupForm(*_around(blueprint, key), key, _posted(request))
    if form.is_valid() and _saved(request, rubric, form, (What.GROUP, key)):
        return to_draft(rubric, f"item-{key}")
    heading = _("Group points from item %(key)s on") % {"key": key}
    return _form_page(request, rubric, blueprint, form, heading=heading, row=row)


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def section(request: Request, rubric: Rubric, number: int) -> HttpResponse:
    blueprint = read(rubric)
    if number >= len(blueprint.sections):
        raise Http404
    form = SectionForm(number, blueprint.sections[number], _posted(request))
    if form.is_valid() and _saved(request, rubric, form, (What.SECTION, form.cleaned_data["name"])):
        return to_draft(rubric, f"section-{number + 1}")
    return _form_page(request, rubric, blueprint, form, heading=_("Section %(number)d") % {"number": number + 1})


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def rule(request: Request, rubric: Rubric, key: str) -> HttpResponse:
    """First the kinds, which come by GET too, then only their parameters; a preview shows what they would give."""
    blueprint = read(rubric)
    row = _row_or_404(blueprint, key)
    data = _posted(request)
    kinds = KindsForm(request.GET if data is None else data, row)
    form = RuleForm(blueprint, row, kinds.chosen, data)
    if form.is_valid() and not request.POST.get("preview") and _saved(request, rubric, form, (What.RULE, key)):
        return to_draft(rubric, f"item-{key}")
    context = {
        "kinds": kinds,
        "form": form,
        "example": _example(blueprint, row, form),
        "row": row,
        "seen": request.POST.get("seen") or digest(blueprint),
        "rubric": rubric,
    }
    status = UNPROCESSABLE if data is not None and not form.is_valid() and not request.POST.get("preview") else 200
    return render(request, "rubrics/draft_rule.html", context, status=status)


def _example(blueprint: Blueprint, row: ItemPlan, form: RuleForm) -> Example | None:
    """Of the row as the form would make it, or as it is before anything is said; None while too little is said."""
    if form.is_valid():
        with suppress(Refused):
            return example_of(_row_or_404(form.edit(blueprint), row.key), blueprint.step)
    as_it_is = form.kinds == {"rule": row.rule, "bonus_rule": row.bonus_rule, "gate": row.gate}
    return example_of(row, blueprint.step) if as_it_is and not form.is_bound else None


LIST_WORDS = {
    "audiences": (What.AUDIENCES, gettext_lazy("Who is assessed")),
    "offices": (What.OFFICES, gettext_lazy("Responsible departments")),
    "columns": (What.COLUMNS, gettext_lazy("Columns of the table")),
    "bands": (What.BANDS, gettext_lazy("Bands")),
    "caps": (What.CAPS, gettext_lazy("Common limits")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def parts(request: Request, rubric: Rubric, part: str) -> HttpResponse:
    """The lists that surround the rows: who is assessed, departments, columns, bands, common limits."""
    if part not in LISTS:
        raise Http404
    blueprint = read(rubric)
    form = LISTS[part](blueprint, _posted(request))
    what, heading = LIST_WORDS[part]
    if request.method == "POST" and form.is_valid() and _saved(request, rubric, form, (what, "")):
        return to_draft(rubric)
    return _form_page(request, rubric, blueprint, form, heading=str(heading), template="rubrics/draft_list.html")


def _form_page(
    request: Request,
    rubric: Rubric,
    blueprint: Blueprint,
    form: Any,
    *,
    heading: str,
    row: ItemPlan | None = None,
    template: str = "rubrics/draft_form.html",
) -> HttpResponse:
    """A form, with the digest of the draft that the person sees; of a form that was refused, of the one they saw."""
    context = {
        "rubric": rubric,
        "form": form,
        "heading": heading,
        "row": row,
        "anchor": f"item-{row.key}" if row else "",
        "seen": request.POST.get("seen") or digest(blueprint),
    }
    return render(request, template, context, status=UNPROCESSABLE if request.method == "POST" else 200)


def _posted(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _saved(request: Request, rubric: Rubric, form: Any, log: tuple[What, str]) -> bool:
    """Whether the edit of a valid form was carried out; a refusal is shown in the form, a conflict goes up."""
    try:
        change(request.user, rubric, request.POST.get("seen", ""), form.edit, *log)
    except Conflict:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def _row_or_404(blueprint: Blueprint, key: str) -> ItemPlan:
    row = next((row for row in blueprint.items if row.key == key), None)
    if row is None:
        raise Http404
    return row


def _around(blueprint: Blueprint, key: str) -> tuple[SectionPlan, GroupPlan]:
    """The section and the group in which a row stands."""
    return next(
        (section, group)
        for section in blueprint.sections
        for group in section.groups
        if key in {item.key for item in group.items}
    )
