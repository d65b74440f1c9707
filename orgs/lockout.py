"""What failed logins are counted by: the account, and the address that they come from."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings

from orgs.models import User
from orgs.names import clean_username

if TYPE_CHECKING:
    from django.http import HttpRequest


def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The account that django-axes counts failed logins on: one for user name, phone number and every way to type them.

    Counted by what was typed, '139 0000 0001' and '1390000 0001' would have five guesses each.
    """
    typed = str((credentials or request.POST).get("username") or "")
    try:
        return User.objects.get_by_natural_key(typed).username
    except User.DoesNotExist:
        return clean_username(typed)


def address(request: HttpRequest) -> str:
    """Where a request comes from, as far as it can be believed.

    Each proxy appends to X-Forwarded-For whom it serves; what stands before that is whatever the client wrote. So of
    the addresses there, the one counts that the outermost of our own proxies has written: as many from the end as there
    are of them. Where fewer stand there, or no address, somebody came another way: then whoever is connected to us.
    """
    connected = str(request.META.get("REMOTE_ADDR") or "")
    proxies: int = settings.TRUSTED_PROXIES
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < proxies <= len(said):
        return connected
    try:
        return str(ip_address(said[-proxies].strip()))
    except ValueError:
        return connected
