"""The kinds of lists there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orgs.importing.organizations import ORGANIZATIONS
from orgs.importing.people import PEOPLE

if TYPE_CHECKING:
    from orgs.importing.spec import ListSpec

SPECS: dict[str, ListSpec] = {spec.kind: spec for spec in (ORGANIZATIONS, PEOPLE)}
