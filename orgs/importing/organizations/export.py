"""The organisations of a branch as a list that imports back unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from import_export import fields, resources

from orgs.importing.organizations.fields import FIELDS
from orgs.importing.paths import joined
from orgs.models import PATH_STEP, Level, Organization, OrganizationKind, path_ids
from orgs.queries import ancestors, in_subtree, subtree
from orgs.services.base import BATCH, batches

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
        self.unions = _written(branch)

    def get_queryset(self) -> Any:
        raise NotImplementedError  # a branch is asked for, never all

    def dehydrate_parent(self, organization: Organization) -> str:
        """The names from the head of the branch down; over the head itself, those that stand above the branch."""
        depth = len(organization.path) // PATH_STEP - self.depth - 1
        self.names[depth:] = [organization.name]
        return joined(self.names[:-1] if depth else self.above)

    def dehydrate_industrial_union(self, organization: Organization) -> str:
        """Inside the branch like a superior, outside of it in names from the very top."""
        if organization.industrial_union_id not in self.unions:
            return ""
        return self.unions[organization.industrial_union_id]

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


def _written(branch: Organization) -> dict[int | None, str]:
    """How the list writes the industrial unions that organisations of the branch have, by key."""
    led = Organization.objects.filter(in_subtree(branch.path), industrial_union__isnull=False)
    unions = dict(
        Organization.objects.filter(pk__in=led.order_by().values("industrial_union")).values_list("pk", "path")
    )
    keys = sorted({key for path in unions.values() for key in path_ids(path)})
    names: dict[int, str] = {}
    for some in batches(keys):
        names |= dict(Organization.objects.filter(pk__in=some).values_list("pk", "name"))
    above = len(branch.path) - PATH_STEP
    return {
        pk: joined([names[key] for key in path_ids(path[above:] if path.startswith(branch.path) else path)])
        for pk, path in unions.items()
    }


def export_rows(branch: Organization) -> Iterator[list[str]]:
    return OrganizationResource(branch).rows(branch)
