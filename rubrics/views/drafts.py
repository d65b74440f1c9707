"""The beginning and the end of a draft: a file comes in, a checklist says what stops it, it is published or deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from orgs.permissions import posts
from orgs.roles import Role
from orgs.services.base import Refused
from orgs.views.fetch import Request, allow
from rubrics import exchange, services
from rubrics.blueprint import read
from rubrics.drafting.change import Conflict
from rubrics.drafting.checklist import checklist
from rubrics.drafting.codec import digest
from rubrics.drafting.documents import import_document
from rubrics.drafting.publishing import delete_draft, needs_total_policy, publish
from rubrics.forms import ImportForm, PublishForm
from rubrics.models import Rubric
from rubrics.views.fetch import UNPROCESSABLE, on_draft


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: Request) -> HttpResponse:
    """Upload a document as issued; what is read of it opens in the editor."""
    allow(any(post.role == Role.ADMIN for post in posts(request.user)))
    posted = request.method == "POST"
    form = ImportForm(request.user, request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            drafts = import_document(
                request.user, said["owner"], said["file"], title=said["title"], number=said["number"]
            )
        except exchange.Refused as refusal:
            form.add_error("file", refusal.sentences)
        except Refused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return _brought_in(request, drafts)
    return render(request, "rubrics/import.html", {"form": form}, status=UNPROCESSABLE if posted else 200)


def _brought_in(request: Request, drafts: list[Rubric]) -> HttpResponse:
    told = ngettext("%(count)d rubric was read.", "%(count)d rubrics were read.", len(drafts)) % {"count": len(drafts)}
    messages.success(request, told)
    if len(drafts) == 1:
        return redirect("rubrics:draft", drafts[0].pk)
    return redirect("rubrics:list")


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def publish_draft(request: Request, rubric: Rubric) -> HttpResponse:
    """What stops it and what is worth knowing; where nothing stops it, the button."""
    blueprint = read(rubric)
    declared = services.declared_total(rubric) if needs_total_policy(rubric, blueprint) else None
    posted = request.method == "POST"
    form = PublishForm(declared, request.POST if posted else None)
    if form.is_valid():
        try:
            publish(request.user, rubric, request.POST.get("seen", ""), form.cleaned_data.get("total_policy", ""))
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request, _("“%(rubric)s” is published. It never changes from now on.") % {"rubric": rubric}
            )
            return redirect("rubrics:detail", rubric.pk)
    context = {
        "rubric": rubric,
        "form": form,
        "checklist": checklist(rubric, blueprint),
        "points": blueprint.points,
        "declared": declared,
        "seen": request.POST.get("seen") or digest(blueprint),
    }
    return render(request, "rubrics/draft_publish.html", context, status=UNPROCESSABLE if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def delete(request: Request, rubric: Rubric) -> HttpResponse:
    if request.method == "POST":
        delete_draft(request.user, rubric, request.POST.get("seen", ""))
        messages.success(request, _("The draft “%(rubric)s” was deleted.") % {"rubric": rubric})
        return redirect("rubrics:list")
    return render(request, "rubrics/draft_delete.html", {"rubric": rubric, "seen": digest(read(rubric))})


@require_safe
@on_draft
def source(request: Request, rubric: Rubric, source: int) -> FileResponse:
    """The file as it was uploaded; always as a download, whatever it is."""
    found = get_object_or_404(rubric.document.sources, pk=source)
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
