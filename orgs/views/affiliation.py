from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orgs import services
from orgs.keys import key_of
from orgs.permissions import may_place
from orgs.services.affiliation import fitting
from orgs.views.fetch import Request, allow, fetch_organization
from orgs.views.organizations import matches

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "POST"])
def choose(request: Request, pk: int) -> HttpResponse:
    """The second superior of an organisation: search among the industrial unions near it, or take it away."""
    organization = fetch_organization(request, pk)
    allow(may_place(request.user, organization))
    unions = fitting(request.user, organization)
    if request.method == "POST":
        wanted = request.POST.get("union")
        union = get_object_or_404(unions, pk=key_of(wanted)) if wanted else None
        try:
            services.set_industrial_union(request.user, organization, union)
        except services.Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("orgs:industrial_union", organization.pk)
        told = (
            _("“%(name)s” now has the industrial union “%(union)s”.") % {"name": organization.name, "union": union.name}
            if union
            else _("“%(name)s” has no industrial union any more.") % {"name": organization.name}
        )
        messages.success(request, told)
        return redirect("orgs:detail", organization.pk)
    q = request.GET.get("q", "")
    context = {"organization": organization, "candidates": matches(unions, q), "q": q}
    return render(request, "orgs/industrial_union.html", context)
