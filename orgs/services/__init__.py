"""The only writers of the tree, its departments and its people.

Each is one transaction, asks for the right of `by` again (None: a command on the server, which may do anything),
writes the log, and refuses: Refused(sentence) for what the data forbids, PermissionDenied for what the person may not.
"""

from orgs.services.affiliation import set_industrial_union
from orgs.services.base import Refused
from orgs.services.creating import NewOrganization, bulk_create_organizations, create_organization
from orgs.services.departments import add_department, edit_department, remove_department
from orgs.services.merging import Merger, merge_organizations, plan_merger
from orgs.services.organizations import (
    close_organization,
    edit_organization,
    move_organization,
    reopen_organization,
)
from orgs.services.passwords import (
    Slip,
    change_own_password,
    is_first_password,
    renew_first_passwords,
    reset_password,
)
from orgs.services.people import NewPost, create_person, edit_person, hand_over_to_new, set_active
from orgs.services.posts import grant, hand_over, revoke

__all__ = [
    "Merger",
    "NewOrganization",
    "NewPost",
    "Refused",
    "Slip",
    "add_department",
    "bulk_create_organizations",
    "change_own_password",
    "close_organization",
    "create_organization",
    "create_person",
    "edit_department",
    "edit_organization",
    "edit_person",
    "grant",
    "hand_over",
    "hand_over_to_new",
    "is_first_password",
    "merge_organizations",
    "move_organization",
    "plan_merger",
    "remove_department",
    "renew_first_passwords",
    "reopen_organization",
    "reset_password",
    "revoke",
    "set_active",
    "set_industrial_union",
]
