from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments import waiting
from assessments.views.answers import Request
from orgs.acting import narrowed
from orgs.permissions import posts


@require_safe
def home(request: Request) -> HttpResponse:
    """What waits for the person, how their organisations stand, and how the cycles get on that they oversee."""
    user = narrowed(request)
    context = {
        "posts": posts(user),
        "groups": waiting.groups(user),
        "results": waiting.results(user),
        "courses": waiting.courses(user),
    }
    return render(request, "home.html", context)
