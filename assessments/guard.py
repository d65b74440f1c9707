"""What was published never changes.

Every way of ours to write such a row ends here, as for frozen rubrics (`rubrics.guard`): `save` and `delete`, also
through cascades, the admin and fixtures, by signals; `update`, `delete`, `bulk_update` and `bulk_create` by the query
set of the managers. Rows are only ever added: those of a snapshot until it has its notice, which comes last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _


class PublishedError(Exception):
    """Somebody tried to change what was published; carries a sentence fit to show a person."""

    def __init__(self) -> None:
        super().__init__(_("What was published never changes. A correction is a new notice."))


class AppendOnly(models.QuerySet[Any]):
    """Rows are read and added."""

    def update(self, **_values: Any) -> int:
        raise PublishedError

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        raise PublishedError

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        objs = list(objs)
        if options.get("update_conflicts"):
            raise PublishedError
        _refuse_to_join(self.model, objs)
        return super().bulk_create(objs, *args, **options)


def refuse_to_save(sender: type[models.Model], instance: models.Model, **_signal: Any) -> None:
    """Receiver of pre_save: only a new row is saved."""
    if instance.pk is not None and sender._base_manager.filter(pk=instance.pk).exists():
        raise PublishedError
    _refuse_to_join(sender, [instance])


def refuse_to_delete(**_signal: Any) -> None:
    """Receiver of pre_delete."""
    raise PublishedError


def _refuse_to_join(model: type[models.Model], rows: Iterable[Any]) -> None:
    """A snapshot that has its notice gets no more rows."""
    from assessments.models import Notice, SnapshotRow

    if model is SnapshotRow and Notice.objects.filter(snapshot__in={row.snapshot_id for row in rows}).exists():
        raise PublishedError
