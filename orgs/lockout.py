from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
