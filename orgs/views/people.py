from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import services
from orgs.acting import narrowed
from orgs.downloads import download_workbook
from orgs.forms import ExistingPersonForm, PersonFilter, PersonForm, PostForm, SuccessorForm
from orgs.importing.people.export import export_rows
from orgs.importing.people.fields import FIELDS
from orgs.importing.workbook import write_list
from orgs.keys import key_of
from orgs.models import Membership, User
from orgs.paging import Page, page_of
from orgs.permissions import may_manage, may_manage_people, may_manage_person, oversees, posts
from orgs.queries import (
    awaiting_first_login,
    manageable,
    overseen,
    people_managed_by,
    people_named,
    people_visible_to,
)
from orgs.views.fetch import Request, allow, fetch_organization, fetch_person
from orgs.views.organizations import matches

if TYPE_CHECKING:
    from django.http import FileResponse, HttpResponse

    from orgs.models import Organization


@require_safe
def people_list(request: Request) -> HttpResponse:
    allow(any(oversees(request.user, post.path) for post in posts(request.user)))
    form = PersonFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    reader = narrowed(request)
    held = Membership.objects.filter(overseen(reader, "organization__path"))
    rows = people_visible_to(reader)
    if wanted.get("q"):
        rows = rows.filter(people_named(wanted["q"]))
    if wanted.get("role"):
        rows = rows.filter(Exists(held.filter(user=OuterRef("pk"), role=wanted["role"])))
    shown = Prefetch("memberships", held.select_related("organization", "department").order_by("organization__path"))
    waiting = people_managed_by(request.user).filter(awaiting_first_login(), pk=OuterRef("pk"))
    rows = rows.annotate(may_have_slip=Exists(waiting)).order_by("sort_key", "pk").prefetch_related(shown)
    page: Page[Any] = page_of(rows, request.GET.get("page"))
    context = {
        "form": form,
        "may_add": may_manage_people(request.user),
        "page": page,
        "slips": any(person.may_have_slip for person in page),
    }
    return render(request, "orgs/people_list.html", context)


@never_cache
@sensitive_variables("made")
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """A new person with a first post. Without an organisation in the address, it is chosen first."""
    allow(may_manage_people(request.user))
    if not request.GET.get("organization"):
        return _choose_organization(request)
    organization = fetch_organization(request, key_of(request.GET["organization"]))
    allow(may_manage(request.user, organization))
    form = PersonForm(request.POST or None)
    post_form = PostForm(organization, request.POST or None)
    if form.is_valid() and post_form.is_valid():
        try:
            post = services.NewPost(organization, **post_form.cleaned_data)
            made = services.create_person(request.user, posts=[post], **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _show_password(request, made, organization)
    context = {"form": form, "post_form": post_form, "organization": organization}
    return render(request, "orgs/person_create.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    person = fetch_person(request, pk)
    manages = may_manage_person(request.user, person)
    allow(manages or request.method == "GET")
    initial = {name: getattr(person, name) for name in ("full_name", "phone", "username")}
    form = PersonForm(request.POST or None, initial=initial)
    form.fields["username"].required = True
    form.fields["username"].help_text = _("For logging in.")
    if form.is_valid():
        try:
            services.edit_person(request.user, person, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The changes were saved."))
            return redirect("people:edit", person.pk)
    held = person.memberships.filter(overseen(request.user, "organization__path")).order_by("organization__path")
    context = {
        "form": form,
        "person": person,
        "may_edit": manages,
        "may_grant": may_manage_people(request.user),
        "memberships": [
            (membership, may_manage(request.user, membership.organization))
            for membership in held.select_related("organization", "department")
        ],
    }
    return render(request, "orgs/person_edit.html", context)


@never_cache
@sensitive_variables("made")
@require_POST
def reset_password(request: Request, pk: int) -> HttpResponse:
    """Shows the new initial password in this answer and nowhere else."""
    person = fetch_person(request, pk)
    allow(may_manage_person(request.user, person))
    made = services.reset_password(request.user, person)
    return _show_password(request, made)


@require_POST
def set_active(request: Request, pk: int) -> HttpResponse:
    person = fetch_person(request, pk)
    allow(may_manage_person(request.user, person))
    try:
        active = services.set_active(request.user, person, request.POST.get("active") == "1").is_active
        messages.success(request, _("The account is open.") if active else _("The account is closed."))
    except services.Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("people:edit", person.pk)


@require_http_methods(["GET", "POST"])
def grant(request: Request, pk: int) -> HttpResponse:
    """One more post for a person whom one can see."""
    person = fetch_person(request, pk)
    allow(may_manage_people(request.user))
    if not request.GET.get("organization"):
        return _choose_organization(request, person)
    organization = fetch_organization(request, key_of(request.GET["organization"]))
    allow(may_manage(request.user, organization))
    form = PostForm(organization, request.POST or None)
    if form.is_valid():
        try:
            services.grant(request.user, person, organization, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("%(person)s has the post now.") % {"person": person})
            return redirect("people:edit", person.pk)
    return render(request, "orgs/post_form.html", {"form": form, "person": person, "organization": organization})


@require_http_methods(["GET", "POST"])
def add_existing(request: Request, pk: int) -> HttpResponse:
    """A post here for someone known elsewhere, whom one can't see but whose login one was told."""
    organization = fetch_organization(request, pk)
    allow(may_manage(request.user, organization))
    form = ExistingPersonForm(organization, request.POST or None)
    if form.is_valid():
        login = form.cleaned_data.pop("login")
        try:
            person = User.objects.get_by_natural_key(login)
            services.grant(request.user, person, organization, **form.cleaned_data)
        except User.DoesNotExist:
            form.add_error("login", _("Nobody logs in with this."))
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("%(person)s has the post now.") % {"person": person})
            return redirect("orgs:detail", organization.pk)
    return render(request, "orgs/post_form.html", {"form": form, "organization": organization})


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    membership = _fetch_post(request, pk)
    person = membership.user
    try:
        services.revoke(request.user, membership)
        messages.success(request, _("The post was taken away."))
    except services.Refused as refusal:
        messages.error(request, refusal.sentence)
    if people_visible_to(request.user).filter(pk=person.pk).exists():
        return redirect("people:edit", person.pk)
    return redirect("orgs:detail", membership.organization_id)


@never_cache
@sensitive_variables("made")
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, pk: int) -> HttpResponse:
    """A post goes to a known person or to a new one, whose first password this answer shows."""
    membership = _fetch_post(request, pk)
    form = SuccessorForm(request.POST or None)
    if form.is_valid():
        wanted = form.cleaned_data
        login = wanted.pop("login")
        try:
            if not login:
                made = services.hand_over_to_new(request.user, membership, **wanted)
                return _show_password(request, made, membership.organization)
            person = User.objects.get_by_natural_key(login)
            services.hand_over(request.user, membership, person)
        except User.DoesNotExist:
            form.add_error("login", _("Nobody logs in with this."))
        except services.Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("%(person)s has the post now.") % {"person": person})
            return redirect("orgs:detail", membership.organization_id)
    return render(request, "orgs/hand_over.html", {"form": form, "membership": membership})


@require_safe
def export(request: Request, pk: int) -> FileResponse:
    """The posts of a branch as a list that imports back unchanged; there are no passwords in it."""
    branch = fetch_organization(request, pk)
    allow(may_manage(request.user, branch))
    name = _("People of %(name)s") % {"name": branch.name}
    return download_workbook(name, lambda file: write_list(file, FIELDS, export_rows(branch)))


def _fetch_post(request: Request, pk: int) -> Membership:
    held = Membership.objects.filter(overseen(request.user, "organization__path"))
    membership = get_object_or_404(held.select_related("organization", "department", "user"), pk=pk)
    allow(may_manage(request.user, membership.organization))
    return membership


def _show_password(request: Request, made: services.Slip, organization: Organization | None = None) -> HttpResponse:
    """The one answer in which a first password stands."""
    context = {"person": made.person, "password": made.password, "organization": organization}
    return render(request, "orgs/initial_password.html", context)


def _choose_organization(request: Request, person: User | None = None) -> HttpResponse:
    if request.method != "GET":
        raise Http404
    q = request.GET.get("q", "")
    context = {"candidates": matches(manageable(narrowed(request)), q), "q": q, "person": person}
    return render(request, "orgs/choose_organization.html", context)
