"""Who there is: the tree of unions, their departments, the people who act for them, and lists on their way in."""

from orgs.models.change import FIELD_LABELS, Change, LogLine, Subject
from orgs.models.organization import (
    PATH_STEP,
    Department,
    Level,
    Organization,
    OrganizationKind,
    names_of,
    path_ids,
)
from orgs.models.person import Membership, User
from orgs.models.upload import KnownHeader, ListKind, Outcome, Upload, UploadRow, UploadState

__all__ = (
    "FIELD_LABELS",
    "PATH_STEP",
    "Change",
    "Department",
    "KnownHeader",
    "Level",
    "ListKind",
    "LogLine",
    "Membership",
    "Organization",
    "OrganizationKind",
    "Outcome",
    "Subject",
    "Upload",
    "UploadRow",
    "UploadState",
    "User",
    "names_of",
    "path_ids",
)
