"""First passwords on paper: who gets a slip, and the slips themselves, which exist in one answer and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from orgs import services
from orgs.downloads import download, file_name
from orgs.importing.people import NEW
from orgs.keys import key_of
from orgs.models import Membership, Upload, UploadState, User
from orgs.permissions import may_manage, may_manage_people, may_manage_person
from orgs.queries import awaiting_first_login, in_subtree, people_managed_by, people_visible_to
from orgs.services.passwords import MOST_SLIPS
from orgs.views.fetch import allow, fetch_organization, fetch_person
from reports import slips

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse, QueryDict

    from orgs.views.fetch import Request

NAMES = 100
"""People that the page names before their slips are printed."""

CHOICES = ("branch", "upload", "part")


@never_cache
@sensitive_variables("made")
@require_http_methods(["GET", "POST"])
def print_slips(request: Request) -> HttpResponse:
    """Says who gets a new first password and what that makes void; the POST gives them and answers with the slips."""
    allow(may_manage_people(request.user))
    asked = request.POST if request.method == "POST" else request.GET
    people = _chosen(request, asked)
    if request.method == "POST":
        try:
            made = services.renew_first_passwords(request.user, list(people.values_list("pk", flat=True)))
        except services.Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            return download(slips.render(made, _address(request)), _("First passwords"), "pdf")
    return render(request, "reports/print_slips.html", _page(people, asked))


@never_cache
@sensitive_post_parameters("password")
@require_POST
def slip(request: Request, pk: int) -> HttpResponse:
    """The first password that the page before showed, as a slip. It comes back with the request, as nothing kept it."""
    person = fetch_person(request, pk)
    allow(may_manage_person(request.user, person))
    password = request.POST.get("password", "")
    if not services.is_first_password(person, password):
        messages.error(request, _("This is not the first password of %(person)s any more.") % {"person": person})
        return redirect("people:edit", person.pk)
    return download(slips.render([services.Slip(person, password)], _address(request)), file_name(person), "pdf")


def _chosen(request: Request, asked: QueryDict) -> QuerySet[User]:
    """People of a branch, of an uploaded list, or ticked one by one, as far as a slip can be printed for them."""
    wanted = {name: key_of(str(asked.get(name, ""))) for name in CHOICES}
    waiting = people_managed_by(request.user).filter(awaiting_first_login())
    if wanted["branch"]:
        organization = fetch_organization(request, wanted["branch"])
        allow(may_manage(request.user, organization))
        held = Membership.objects.filter(in_subtree(organization.path, "organization__path"), user=OuterRef("pk"))
        return waiting.filter(Exists(held))
    if wanted["upload"]:
        upload = get_object_or_404(Upload, pk=wanted["upload"], by=request.user, state=UploadState.DONE)
        start = max(wanted["part"] - 1, 0) * MOST_SLIPS
        return waiting.filter(pk__in=upload.figures.get(NEW, [])[start : start + MOST_SLIPS])
    keys = {key_of(str(typed)) for typed in asked.getlist("people")}
    if people_visible_to(request.user).filter(pk__in=keys).count() != len(keys):
        raise Http404
    return waiting.filter(pk__in=keys)


def _page(people: QuerySet[User], asked: QueryDict) -> dict[str, object]:
    held = Membership.objects.filter(organization__closed_on=None).select_related("organization")
    count = people.count()
    shown = people.order_by("sort_key", "pk").prefetch_related(Prefetch("memberships", held))
    return {
        "count": count,
        "most": MOST_SLIPS,
        "too_many": count > MOST_SLIPS,
        "people": shown[:NAMES],
        "handed_out": people.filter(password_expires_at__isnull=False).count(),
        "fields": [(name, asked[name]) for name in CHOICES if asked.get(name)]
        + [("people", key) for key in asked.getlist("people")],
    }


def _address(request: Request) -> str:
    return request.build_absolute_uri(reverse("home"))
