"""The organisations of a branch as a list that imports back unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from import_export import fields, resources

from orgs.importing.organizations.fields import FIELDS
from orgs.importing.paths import joined
from orgs.models import PATH_STEP, Level, Organization, OrganizationKind
from orgs.queries import ancestors, subtree
from orgs.services.base import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterator


class OrganizationResource(resources.Resource):
    """The columns of FIELDS, in their order, and how each is written. Fed in tree order: parents before children."""

    def __init__(self, branch: Organization) -> None:
        super().__init__()
        self.fields = {field.name: fields.Field(field.name, str(field.label)) for field in FIELDS}
        self.above = [above.name for above in ancestors(branch)]
        self.depth = len(self.above)
        self.names: list[str] = []
        self.kinds = dict(OrganizationKind.objects.values_list("pk", "name"))
        self.levels = {value: str(label) for value, label in Level.choices}

    def get_queryset(self) -> Any:
        raise NotImplementedError  # a branch is asked for, never all

    def dehydrate_parent(self, organization: Organization) -> str:
        """The names from the head of the branch down; over the head itself, those that stand above the branch."""
        depth = len(organization.path) // PATH_STEP - self.depth - 1
        self.names[depth:] = [organization.name]
        return joined(self.names[:-1] if depth else self.above)

    def dehydrate_kind(self, organization: Organization) -> str:
        return self.kinds[organization.kind_id]

    def dehydrate_level(self, organization: Organization) -> str:
        return self.levels[organization.level]

    def rows(self, branch: Organization) -> Iterator[list[str]]:
        """A row for each open organisation, in constant memory. Closed ones can be neither changed nor added to."""
        standing = subtree(branch).filter(closed_on=None).order_by("path")
        columns = self.get_export_fields()  # asked for once: export_resource() does for each row
        for organization in standing.iterator(BATCH):
            yield [str(self.export_field(column, organization)) for column in columns]


def export_rows(branch: Organization) -> Iterator[list[str]]:
    return OrganizationResource(branch).rows(branch)
