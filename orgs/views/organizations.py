from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import services
from orgs.acting import narrowed
from orgs.forms import LogFilter, OrganizationFilter, OrganizationForm
from orgs.keys import key_of
from orgs.models import Organization
from orgs.paging import page_of
from orgs.permissions import may_manage, may_place, may_see, oversees, posts
from orgs.queries import ancestors, changes_in, in_subtree, manageable, named, overseen, tops, visible_to
from orgs.services.organizations import FACTS
from orgs.views.fetch import Request, allow, fetch_organization

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

CANDIDATES = 20
SHOWN_CHILDREN = 20


@require_safe
def organization_list(request: Request) -> HttpResponse:
    """Branch by branch; a search or filter looks through the whole branch."""
    branch = _branch(request)
    form = OrganizationFilter(request.GET)
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    rows = _found(request, branch, wanted) if wanted else _children(request, branch)
    below = Organization.objects.filter(overseen(request.user), parent=OuterRef("pk"))
    rows = rows.select_related("kind", "parent").annotate(has_children=Exists(below)).order_by("sort_key", "pk")
    context = {
        "form": form,
        "branch": branch,
        "crumbs": _crumbs(request, branch) if branch else [],
        "searching": bool(wanted),
        "may_add": bool(branch and not branch.closed_on and may_manage(request.user, branch)),
        "page": page_of(rows, request.GET.get("page")),
    }
    return render(request, "orgs/organization_list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    organization = fetch_organization(request, pk)
    industrial_union = organization.industrial_union
    children = visible_to(request.user).filter(parent=organization).select_related("kind").order_by("sort_key", "pk")
    affiliates = page_of(
        organization.affiliates.filter(closed_on=None).select_related("kind", "parent").order_by("sort_key", "pk"),
        request.GET.get("page"),
        SHOWN_CHILDREN,
    )
    context = {
        "organization": organization,
        "crumbs": _crumbs(request, organization)[:-1],
        "children": page_of(children, None, SHOWN_CHILDREN),
        "affiliates": affiliates,
        "affiliate_rows": [(one, may_see(request.user, one)) for one in affiliates],
        "departments": organization.departments.all(),
        "memberships": page_of(
            organization.memberships.select_related("user", "department").order_by("role", "user__sort_key"), None
        ),
        "may_manage": may_manage(request.user, organization),
        "may_place": may_place(request.user, organization),
        "may_see_union": bool(industrial_union and may_see(request.user, industrial_union)),
        "oversees": oversees(request.user, organization.path),
        "may_see_heir": bool(organization.merged_into and may_see(request.user, organization.merged_into)),
    }
    return render(request, "orgs/organization_detail.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request, pk: int) -> HttpResponse:
    parent = fetch_organization(request, pk)
    allow(may_manage(request.user, parent))
    form = OrganizationForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.create_organization(request.user, parent, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("“%(name)s” was added.") % {"name": made.name})
            return redirect("orgs:detail", made.pk)
    return render(request, "orgs/organization_form.html", {"form": form, "parent": parent})


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    organization = fetch_organization(request, pk)
    allow(may_manage(request.user, organization))
    initial = {name: getattr(organization, name) for name in FACTS}
    form = OrganizationForm(request.POST or None, initial=initial, may_place=may_place(request.user, organization))
    if form.is_valid():
        try:
            services.edit_organization(request.user, organization, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The changes were saved."))
            return redirect("orgs:detail", organization.pk)
    return render(request, "orgs/organization_form.html", {"form": form, "organization": organization})


@require_http_methods(["GET", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Search for the new superior, then choose it: a list to choose from would have 1,000,000 entries."""
    organization = fetch_organization(request, pk)
    allow(may_place(request.user, organization))
    others = manageable(request.user).exclude(in_subtree(organization.path))
    if request.method == "POST":
        parent = get_object_or_404(others, pk=key_of(request.POST.get("parent")))
        try:
            services.move_organization(request.user, organization, parent)
        except services.Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("orgs:move", organization.pk)
        messages.success(
            request,
            _("“%(name)s” now stands under “%(parent)s”.") % {"name": organization.name, "parent": parent.name},
        )
        return redirect("orgs:detail", organization.pk)
    candidates = matches(others.exclude(pk=organization.parent_id or 0), request.GET.get("q", ""))
    context = {"organization": organization, "candidates": candidates, "q": request.GET.get("q", "")}
    return render(request, "orgs/organization_move.html", context)


@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    organization = fetch_organization(request, pk)
    allow(may_place(request.user, organization))
    try:
        services.close_organization(request.user, organization)
        messages.success(request, _("“%(name)s” is closed from today on.") % {"name": organization.name})
    except services.Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("orgs:detail", organization.pk)


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    organization = fetch_organization(request, pk)
    allow(may_place(request.user, organization))
    try:
        services.reopen_organization(request.user, organization)
        messages.success(request, _("“%(name)s” is open again.") % {"name": organization.name})
    except services.Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("orgs:detail", organization.pk)


@require_safe
def changes(request: Request, pk: int) -> HttpResponse:
    """The log of the branch, for those who administer or audit it."""
    organization = fetch_organization(request, pk)
    allow(oversees(request.user, organization.path))
    form = LogFilter(request.GET)
    page = page_of(form.matching(changes_in(organization)), request.GET.get("page"))
    return render(request, "orgs/changes.html", {"organization": organization, "form": form, "page": page})


def matches(organizations: QuerySet[Organization], typed: str) -> list[Organization]:
    """The first few that a person may mean, with their superiors to tell namesakes apart."""
    found = organizations.filter(named(typed)) if typed.strip() else organizations
    return list(found.select_related("parent", "kind").order_by("sort_key", "pk")[:CANDIDATES])


def _branch(request: Request) -> Organization | None:
    """The branch asked for; without one, the only organisation that the person has a post in, or acts for."""
    if request.GET.get("branch"):
        return fetch_organization(request, key_of(request.GET["branch"]))
    reader = narrowed(request)
    held = {post.seat_id for post in posts(reader)}
    if len(held) == 1 and any(oversees(reader, post.path) for post in posts(reader)):
        return fetch_organization(request, held.pop())
    return None


def _children(request: Request, branch: Organization | None) -> QuerySet[Organization]:
    return visible_to(request.user).filter(parent=branch) if branch else tops(narrowed(request))


def _found(request: Request, branch: Organization | None, wanted: dict[str, object]) -> QuerySet[Organization]:
    rows = visible_to(request.user).filter(in_subtree(branch.path)) if branch else visible_to(narrowed(request))
    if "q" in wanted:
        rows = rows.filter(named(str(wanted["q"])))
    return rows.filter(**{field: value for field, value in wanted.items() if field != "q"})


def _crumbs(request: Request, organization: Organization) -> list[tuple[Organization, bool]]:
    """Who stands above it and itself, each with whether the person may look at it."""
    chain = [*ancestors(organization), organization]
    return [(link, may_see(request.user, link)) for link in chain]
