"""What the views of this app share: fetching by right, and answering what a service refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from assessments.models import Assessment
from assessments.queries import visible_to
from assessments.services import Forbidden, Refused, WrongState
from assessments.workflow import Stage, stages_of
from orgs.models import User
from rubrics.rows import Row, rows

CONFLICT, FORBIDDEN, UNPROCESSABLE = 409, 403, 422

View = Callable[..., HttpResponseBase]
Kept = TypeVar("Kept")


class Request(HttpRequest):
    """A request behind LoginRequiredMiddleware: somebody is logged in."""

    user: User


PARTIES = ("organization", "assessor", "reviewer", "observer")


def visible_or_404(request: Request, pk: int, also: tuple[str, ...] = PARTIES) -> Assessment:
    """The assessment with what its pages say of it, if the person may see it."""
    return get_object_or_404(visible_to(request.user).select_related("cycle", "kind", "rubric", *also), pk=pk)


def stage_or_404(assessment: Assessment, stage: str) -> Stage:
    """The stage of that name, if the assessment has it."""
    if stage not in stages_of(assessment.stages):
        raise Http404
    return Stage(stage)


def row_or_404(assessment: Assessment, key: str) -> Row:
    """The item of that key, if it applies to the assessed organisation."""
    found = (row for row in rows(assessment.rubric) if row.key == key and row.applies(assessment.kind.code))
    row = next(found, None)
    if row is None:
        raise Http404
    return row


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def kept(form: Form, keep: Callable[[], Kept]) -> Kept | None:
    """What the service kept; None, with the reason in the form, where there is nothing or it refused.

    That somebody may not, or comes too late, is no matter of the form: those refusals go on to `refusals`.
    """
    if not form.is_valid():
        return None
    try:
        return keep()
    except (WrongState, Forbidden):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def done(form: Form, act: Callable[[], object]) -> bool:
    """Whether the form was right and the service did it; the same for a service that keeps nothing to be shown."""
    return kept(form, lambda: (act(),)) is not None


def refusals(back: str) -> Callable[[View], View]:
    """Answers a service that refuses: 409 in the wrong state, 403 without the right, else a message and the way back.

    back  the route, taking the view's `pk`, that shows how things stand
    A script that asked for JSON gets {"error": sentence} with 409, 403 or 422.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                return refused(request, refusal, reverse(back, args=[kwargs["pk"]]))

        return answer

    return decorate


def refused(request: HttpRequest, refusal: Refused, back_url: str) -> HttpResponse:
    """The answer to a refusal; `back_url` shows how things stand."""
    sentence = str(refusal)
    if wants_json(request):
        codes = {WrongState: CONFLICT, Forbidden: FORBIDDEN}
        return JsonResponse({"error": sentence}, status=codes.get(type(refusal), UNPROCESSABLE))
    if isinstance(refusal, WrongState):
        return render(request, "409.html", {"sentence": sentence, "back_url": back_url}, status=CONFLICT)
    if isinstance(refusal, Forbidden):
        raise PermissionDenied(sentence) from refusal
    messages.error(request, sentence)
    return HttpResponseRedirect(back_url)
