from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orgs import services
from orgs.keys import key_of
from orgs.permissions import may_place
from orgs.queries import in_subtree, manageable
from orgs.views.fetch import Request, allow, fetch_organization
from orgs.views.organizations import matches

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "POST"])
def merge(request: Request, pk: int) -> HttpResponse:
    """Search for the union that takes the organisation over, see what will happen, and only then do it."""
    organization = fetch_organization(request, pk)
    allow(may_place(request.user, organization))
    others = manageable(request.user).exclude(in_subtree(organization.path))
    asked = request.POST if request.method == "POST" else request.GET
    if "target" not in asked and request.method == "GET":
        q = request.GET.get("q", "")
        context = {"organization": organization, "candidates": matches(others, q), "q": q}
        return render(request, "orgs/merge_choose.html", context)
    target = get_object_or_404(others, pk=key_of(asked.get("target")))
    try:
        if request.method == "POST":
            services.merge_organizations(request.user, organization, target)
            told = _("“%(name)s” is now a part of “%(target)s”.")
            messages.success(request, told % {"name": organization.name, "target": target.name})
            return redirect("orgs:detail", target.pk)
        merger = services.plan_merger(organization, target)
    except services.Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("orgs:merge", organization.pk)
    return render(request, "orgs/merge_confirm.html", {"organization": organization, "merger": merger})
