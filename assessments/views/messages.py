"""A person's own messages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.reminders import AddressForm
from assessments.models import Message
from assessments.services.mail import change_address
from assessments.services.messages import read, read_all
from assessments.views.answers import Request
from orgs.paging import page_of

PER_PAGE = 20


@require_safe
def index(request: Request) -> HttpResponse:
    """All of them, the newest first, or those that are not read."""
    unread = "unread" in request.GET
    own = Message.objects.filter(to=request.user)
    page = page_of(own.filter(read_at=None) if unread else own, request.GET.get("page"), PER_PAGE)
    form = AddressForm(initial={"email": request.user.email}) if settings.EMAIL_FROM else None
    return render(request, "messages/list.html", {"page": page, "unread": unread, "form": form})


@require_POST
def follow(request: Request, pk: int) -> HttpResponse:
    """Marks a message as read and leads to what it is about."""
    message = get_object_or_404(Message, pk=pk, to=request.user)
    read(message)
    return redirect(message.url or "inbox:list")


@require_POST
def mark_all(request: Request) -> HttpResponse:
    count = read_all(request.user)
    told = ngettext("%(count)d message was marked as read.", "%(count)d messages were marked as read.", count)
    messages.success(request, told % {"count": count})
    return redirect("inbox:list")


@require_POST
def address(request: Request) -> HttpResponse:
    """Where the messages are sent, too. There is no such thing on a site without a mail server."""
    if not settings.EMAIL_FROM:
        raise Http404
    form = AddressForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["email"])))
    else:
        email = form.cleaned_data["email"]
        change_address(request.user, email)
        told = _("Your messages are sent to %(email)s, too.") if email else _("Your messages are not sent by e-mail.")
        messages.success(request, told % {"email": email})
    return redirect("inbox:list")
