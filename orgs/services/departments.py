"""Writers of departments (责任部室)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import Department
from orgs.names import clean_name
from orgs.permissions import may_manage
from orgs.services.base import Refused, log, require
from orgs.services.facts import checked_name

if TYPE_CHECKING:
    from orgs.models import Organization, User

MAX_DEPARTMENT = 60


@transaction.atomic
def add_department(
    by: User | None, organization: Organization, name: str, aliases: str = "", position: int = 0
) -> Department:
    """Add a department; `aliases` are the other names documents use for it, separated by blanks."""
    require(by, may_manage, organization)
    department = Department(organization=organization, name=checked_name(name, MAX_DEPARTMENT), position=position)
    department.aliases = _checked_aliases(department.name, aliases)
    _refuse_taken(department)
    department.save()
    log(by, department, {"created": ("", department.name), "aliases": ("", department.aliases)})
    return department


@transaction.atomic
def edit_department(
    by: User | None, department: Department, name: str, aliases: str = "", position: int = 0
) -> Department:
    current = Department.objects.select_for_update(of=("self",)).select_related("organization").get(pk=department.pk)
    require(by, may_manage, current.organization)
    was = {field: getattr(current, field) for field in ("name", "aliases", "position")}
    current.name, current.position = checked_name(name, MAX_DEPARTMENT), position
    current.aliases = _checked_aliases(current.name, aliases)
    _refuse_taken(current)
    current.save()
    log(by, current, {field: (old, getattr(current, field)) for field, old in was.items()})
    return current


@transaction.atomic
def remove_department(by: User | None, department: Department) -> None:
    """Remove a department in which nobody holds a post."""
    current = Department.objects.select_for_update(of=("self",)).select_related("organization").get(pk=department.pk)
    require(by, may_manage, current.organization)
    held = current.memberships.count()
    if held:
        raise Refused(
            ngettext(
                "%(count)d person holds a post in it. Remove the post first.",
                "%(count)d people hold posts in it. Remove the posts first.",
                held,
            )
            % {"count": held}
        )
    log(by, current, {"removed": (current.name, "")})
    current.delete()


def _checked_aliases(name: str, typed: str) -> str:
    for separator in "、,，;；":
        typed = typed.replace(separator, " ")
    aliases = " ".join(dict.fromkeys(alias for alias in clean_name(typed).split() if alias != name))
    if len(aliases) > 200:
        raise Refused(_("The other names are longer than %(limit)d characters together.") % {"limit": 200})
    return aliases


def _refuse_taken(department: Department) -> None:
    """No name or other name may mean two departments of one union: whose items they mark would be ambiguous."""
    for other in Department.objects.filter(organization=department.organization).exclude(pk=department.pk):
        shared = department.names & other.names
        if shared:
            raise Refused(
                _("“%(name)s” already means the department “%(other)s”.") % {"name": min(shared), "other": other.name}
            )
