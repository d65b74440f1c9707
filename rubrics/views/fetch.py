"""How every view of a draft begins: a stranger gets 404, who may not edit it 403, and 409 says what has changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from orgs.permissions import may_manage
from orgs.views.fetch import Request, allow
from rubrics.drafting.change import Conflict, already_published
from rubrics.models import Rubric
from rubrics.queries import visible_to

CONFLICT, UNPROCESSABLE = 409, 422


def on_draft(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hands the view the draft in the place of its key."""

    @wraps(view)
    def answer(request: Request, pk: int, **arguments: Any) -> HttpResponseBase:
        rubric = get_object_or_404(visible_to(request.user).select_related("document__owner", "overlays"), pk=pk)
        owner = rubric.document.owner
        allow(owner is not None and may_manage(request.user, owner))
        if rubric.published_at is not None:
            return conflict(request, already_published(), pk)
        try:
            return view(request, rubric, **arguments)
        except Conflict as refusal:
            return conflict(request, refusal, pk)

    return answer


def conflict(request: Request, refusal: Conflict, pk: int) -> HttpResponse:
    """409, with the way to how things stand now."""
    left = Rubric.objects.filter(pk=pk).first()
    route = "rubrics:list" if left is None else "rubrics:detail" if left.published_at else "rubrics:draft"
    back = reverse(route, args=[] if left is None else [pk])
    return render(request, "409.html", {"sentence": refusal.sentence, "back_url": back}, status=CONFLICT)


def to_draft(rubric: Rubric, anchor: str = "") -> HttpResponseRedirect:
    """Back to the editor, to the row or section of that name."""
    return HttpResponseRedirect(reverse("rubrics:draft", args=[rubric.pk]) + (f"#{quote(anchor)}" if anchor else ""))
