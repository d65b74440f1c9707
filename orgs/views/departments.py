from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orgs import services
from orgs.forms import DepartmentForm
from orgs.models import Department
from orgs.permissions import may_manage
from orgs.queries import visible_to
from orgs.views.fetch import Request, allow, fetch_organization

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "POST"])
def create(request: Request, pk: int) -> HttpResponse:
    organization = fetch_organization(request, pk)
    allow(may_manage(request.user, organization))
    form = DepartmentForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.add_department(request.user, organization, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("“%(name)s” was added.") % {"name": made.name})
            return redirect("orgs:detail", organization.pk)
    return render(request, "orgs/department_form.html", {"form": form, "organization": organization})


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    department = _fetch(request, pk)
    initial = {name: getattr(department, name) for name in ("name", "aliases", "position")}
    form = DepartmentForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.edit_department(request.user, department, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The changes were saved."))
            return redirect("orgs:detail", department.organization_id)
    context = {"form": form, "organization": department.organization, "department": department}
    return render(request, "orgs/department_form.html", context)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    department = _fetch(request, pk)
    try:
        services.remove_department(request.user, department)
        messages.success(request, _("“%(name)s” was removed.") % {"name": department.name})
    except services.Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("orgs:detail", department.organization_id)


def _fetch(request: Request, pk: int) -> Department:
    department = get_object_or_404(
        Department.objects.select_related("organization").filter(organization__in=visible_to(request.user)), pk=pk
    )
    allow(may_manage(request.user, department.organization))
    return department
