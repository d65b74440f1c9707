"""Writers of posts: given, taken away, handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from orgs.models import Membership, Organization
from orgs.permissions import may_manage
from orgs.roles import Role
from orgs.services.base import Refused, lock_people, log, require, words_of

if TYPE_CHECKING:
    from orgs.models import Department, User


@transaction.atomic
def grant(
    by: User | None, person: User, organization: Organization, role: str, department: Department | None = None
) -> Membership:
    """Give a person a post. Needs the right over the organisation alone: one person may act for several unions."""
    lock_people()
    current = Organization.objects.get(pk=organization.pk)
    require(by, may_manage, current)
    membership = _given(person, current, role, department)
    log(by, person, {"post": ("", words_of(membership))}, current.path)
    return membership


@transaction.atomic
def revoke(by: User | None, membership: Membership) -> None:
    """Take a post away; what the person may do there ends with their next request."""
    lock_people()
    current = _fresh(by, membership)
    if by is not None and current.user_id == by.pk and current.role == Role.ADMIN:
        raise Refused(_("You can't take your own administrator's post away: another administrator can."))
    log(by, current.user, {"post": (words_of(current), "")}, current.organization.path)
    current.delete()


@transaction.atomic
def hand_over(by: User | None, membership: Membership, to: User) -> Membership:
    """The post goes from who holds it to another person, in one step; what the predecessor did keeps their name.

    An administrator may hand their own post over: it is held by somebody before and after. Logged on both people.
    """
    lock_people()
    current = _fresh(by, membership)
    if to == current.user:
        raise Refused(_("%(person)s already holds this post.") % {"person": to})
    if not to.is_active:
        raise Refused(_("The account of %(person)s is closed.") % {"person": to})
    given = _given(to, current.organization, current.role, current.department)
    post, path = words_of(current), current.organization.path
    log(by, current.user, {"handed_over": (post, to)}, path)
    log(by, to, {"taken_over": (current.user, post)}, path)
    current.delete()
    return given


def _fresh(by: User | None, membership: Membership) -> Membership:
    """The post as it stands now that nobody else can change posts."""
    held = Membership.objects.select_related("user", "organization", "department").filter(pk=membership.pk).first()
    if held is None:
        raise Refused(_("The post was taken away or handed over in the meantime."))
    require(by, may_manage, held.organization)
    return held


def _given(person: User, organization: Organization, role: str, department: Department | None) -> Membership:
    if role not in Role.values:
        raise Refused(_("“%(role)s” is no role.") % {"role": role})
    if (role == Role.DEPARTMENT_ASSESSOR) != (department is not None):
        raise Refused(_("A department belongs to the role of department assessor, and to no other."))
    if department and department.organization_id != organization.pk:
        raise Refused(_("The department “%(name)s” belongs to another organisation.") % {"name": department.name})
    if organization.closed_on:
        raise Refused(_("“%(name)s” is closed.") % {"name": organization.name})
    membership, made = Membership.objects.get_or_create(
        user=person, organization=organization, role=role, department=department
    )
    if not made:
        raise Refused(_("%(person)s already holds this post.") % {"person": person})
    return membership
