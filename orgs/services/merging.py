"""Two organisations become one. What will happen is a value, which the page shows and the service carries out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.models import Department, Membership, Organization
from orgs.permissions import may_manage, may_place
from orgs.services import affiliation
from orgs.services.base import Refused, lock_people, lock_tree, log, require, words_of
from orgs.services.departments import add_department, edit_department
from orgs.services.organizations import fresh, put_under

if TYPE_CHECKING:
    from orgs.models import User


@dataclass(frozen=True, slots=True)
class Merger:
    """What a merger would do.

    children  open organisations that go under the target; closed ones stay where they are
    affiliates  open organisations that have the source as their industrial union
    joined    (department of the source, the target's department that it becomes a part of)
    added     departments of the source that the target gets too
    posts     posts that go to the target
    doubled   posts that their holders have in the target already
    """

    source: Organization
    target: Organization
    children: list[Organization]
    affiliates: list[Organization]
    joined: list[tuple[Department, Department]]
    added: list[Department]
    posts: list[Membership]
    doubled: list[Membership]


@transaction.atomic
def merge_organizations(by: User | None, source: Organization, target: Organization) -> Merger:
    """The source closes and becomes a part of the target: its children, departments and people's posts go there.

    It follows the source as the industrial union of others, where it isn't above them already.

    Assessments keep what they froze, and the closed source keeps its departments for them: the target's people carry
    on with what was running there (`orgs.permissions.Post`). What was merged into the source is now merged into the
    target. Needs the right to place the source and to manage the target.
    """
    lock_tree()
    lock_people()
    current, heir = fresh(source), fresh(target)
    require(by, may_place, current)
    require(by, may_manage, heir)
    merger = plan_merger(current, heir)
    for child in merger.children:
        put_under(by, child, heir)
    places = _merge_departments(by, merger)
    _move_posts(by, merger, places)
    affiliation.hand_affiliates_over(by, current, heir)
    _close(by, current, heir)
    return merger


def plan_merger(source: Organization, target: Organization) -> Merger:
    """What merging would do now; refuses with a sentence what can't be merged."""
    _refuse_unfit(source, target)
    children = list(source.children.filter(closed_on=None).select_related("parent").order_by("sort_key", "pk"))
    _refuse_name_clash(children, source, target)
    joined, added = _matched(source, target)
    heirs = {one.pk: other.pk for one, other in joined}
    held: set[tuple[int, str, int | None]] = set(target.memberships.values_list("user", "role", "department"))
    posts: list[Membership] = []
    doubled: list[Membership] = []
    for post in source.memberships.select_related("user", "organization", "department").order_by(
        "user__sort_key", "pk"
    ):
        key = (post.user_id, post.role, heirs.get(post.department_id or 0, post.department_id))
        (doubled if key in held else posts).append(post)
        held.add(key)
    affiliates = list(source.affiliates.filter(closed_on=None).order_by("sort_key", "pk"))
    return Merger(source, target, children, affiliates, joined, added, posts, doubled)


def _refuse_unfit(source: Organization, target: Organization) -> None:
    if source == target:
        raise Refused(_("An organisation can't be merged into itself."))
    if target.path.startswith(source.path):
        raise Refused(_("“%(name)s” can't be merged into an organisation below it.") % {"name": source.name})
    for one in (source, target):
        if one.closed_on:
            raise Refused(_("“%(name)s” is closed.") % {"name": one.name})


def _refuse_name_clash(children: list[Organization], source: Organization, target: Organization) -> None:
    names = {child.name for child in children}
    taken = list(target.children.filter(name__in=names).order_by("sort_key").values_list("name", flat=True)[:5])
    if taken:
        raise Refused(
            _("“%(source)s” and “%(target)s” both have “%(names)s” under them: rename or merge these first.")
            % {"source": source.name, "target": target.name, "names": "”、“".join(taken)}
        )


def _matched(
    source: Organization, target: Organization
) -> tuple[list[tuple[Department, Department]], list[Department]]:
    """The source's departments that share a name with one of the target's, and the others."""
    joined, added = [], []
    theirs = list(target.departments.all())
    for department in source.departments.all():
        same = [other for other in theirs if department.names & other.names]
        if len(same) > 1:
            raise Refused(
                _("The department “%(name)s” of “%(source)s” means several departments of “%(target)s”: %(names)s.")
                % {
                    "name": department.name,
                    "source": source.name,
                    "target": target.name,
                    "names": "、".join(other.name for other in same),
                }
            )
        if same:
            joined.append((department, same[0]))
        else:
            added.append(department)
    return joined, added


def _merge_departments(by: User | None, merger: Merger) -> dict[int, Department]:
    """By the key of a department of the source: which department of the target its people belong to now.

    The source's own stay with it: sign-offs and running assessments name them.
    """
    places = {}
    names: dict[int, list[str]] = {}
    for department, other in merger.joined:
        places[department.pk] = other
        names.setdefault(other.pk, [*other.aliases.split()]).extend(sorted(department.names - other.names))
    for other in {other.pk: other for _department, other in merger.joined}.values():
        edit_department(by, other, other.name, " ".join(names[other.pk]), other.position)
    for department in merger.added:
        places[department.pk] = add_department(
            by, merger.target, department.name, department.aliases, department.position
        )
    return places


def _move_posts(by: User | None, merger: Merger, places: dict[int, Department]) -> None:
    for post in merger.posts:
        old = words_of(post)
        post.organization = merger.target
        post.department = places[post.department_id] if post.department_id else None
        post.save(update_fields=["organization", "department"])
        log(by, post.user, {"post": (old, words_of(post))}, merger.target.path)
    for post in merger.doubled:
        log(by, post.user, {"post": (words_of(post), "")}, merger.target.path)
        post.delete()


def _close(by: User | None, source: Organization, target: Organization) -> None:
    for earlier in Organization.objects.filter(merged_into=source):
        earlier.merged_into = target
        earlier.save(update_fields=["merged_into"])
        log(by, earlier, {"merged_into": (source, target)})
    source.closed_on, source.merged_into = timezone.localdate(), target
    source.save(update_fields=["closed_on", "merged_into"])
    log(by, source, {"closed_on": (None, source.closed_on), "merged_into": (None, target)})
    log(by, target, {"absorbed": ("", source)})
