"""Lists of organisations (单位名单)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs.importing.organizations.check import check
from orgs.importing.organizations.fields import FIELDS, notes
from orgs.importing.organizations.write import write
from orgs.importing.spec import ListSpec
from orgs.models import ListKind, Subject

if TYPE_CHECKING:
    from orgs.models import Upload

__all__ = ["ORGANIZATIONS"]


def _ways(upload: Upload) -> list[tuple[str, str]]:
    return [(_("To the organisations"), f"{reverse('orgs:list')}?branch={upload.branch_id}")]


ORGANIZATIONS = ListSpec(ListKind.ORGANIZATIONS, FIELDS, (Subject.ORGANIZATION,), check, write, notes, _ways)
