"""The only writers of the tree, its departments and its people.

Each is one transaction, asks for the right of `by` again (None: a command on the server, which may do anything),
writes the log, and refuses: Refused(sentence) for what the data forbids, PermissionDenied for what the person may not.
"""

from orgs.services.base import Refused
from orgs.services.departments import add_department, edit_department, remove_department
from orgs.services.organizations import (
    NewOrganization,
    bulk_create_organizations,
    close_organization,
    create_organization,
    edit_organization,
    move_organization,
    reopen_organization,
)
from orgs.services.people import (
    NewPost,
    change_own_password,
    create_person,
    edit_person,
    grant,
    reset_password,
    revoke,
    set_active,
)

__all__ = [
    "NewOrganization",
    "NewPost",
    "Refused",
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
    "move_organization",
    "remove_department",
    "reopen_organization",
    "reset_password",
    "revoke",
    "set_active",
]
