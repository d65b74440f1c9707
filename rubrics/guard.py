"""A frozen rubric never changes.

Every way of ours to write a rubric's rows ends here: `save` and `delete` (also through cascades, the admin and
fixtures) by signals, `update`, `bulk_update` and `bulk_create` by the query set of all our managers, many-to-many
changes by their own signal. Migrations work on historical models and stay free to reshape tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


class FrozenRubricError(Exception):
    """Somebody tried to change a rubric that a cycle uses; carries a sentence fit to show a person."""

    def __init__(self) -> None:
        super().__init__(_("A cycle uses this rubric, so it cannot be changed any more. Make a new version of it."))


def in_frozen_rubric(model: type[models.Model]) -> Q:
    """The rows of a model of ours that belong to a frozen rubric."""
    return Q(**{f"{model.FROZEN_AT}__isnull": False})  # type: ignore[attr-defined]


class GuardedQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        _refuse(self.model, self)
        owner = owner_of(self.model)
        if owner is not None:
            moved = (values[name] for name in (owner.name, owner.attname) if name in values)
            _refuse_owners(owner, {getattr(value, "pk", value) for value in moved})
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        objs = list(objs)
        owner = owner_of(self.model)
        if owner is not None:
            _refuse_owners(owner, {getattr(obj, owner.attname) for obj in objs})
        return super().bulk_create(objs, *args, **options)


def refuse_to_save(sender: type[models.Model], instance: models.Model, **_signal: Any) -> None:
    """Receiver of pre_save: neither the stored row nor the row that is to own it belongs to a frozen rubric."""
    if instance.pk is not None:
        _refuse(sender, sender._base_manager.filter(pk=instance.pk))
    owner = owner_of(sender)
    if owner is not None:
        _refuse_owners(owner, {getattr(instance, owner.attname)})


def refuse_to_delete(sender: type[models.Model], instance: models.Model, **_signal: Any) -> None:
    """Receiver of pre_delete."""
    _refuse(sender, sender._base_manager.filter(pk=instance.pk))


def refuse_to_relate(instance: models.Model, action: str, **_signal: Any) -> None:
    """Receiver of m2m_changed, from either side of the relation."""
    if action.startswith("pre_"):
        refuse_to_delete(type(instance), instance)


def _refuse(model: type[models.Model], rows: models.QuerySet[Any]) -> None:
    if rows.filter(in_frozen_rubric(model)).exists():
        raise FrozenRubricError


def owner_of(model: type[models.Model]) -> models.ForeignKey[Any, Any] | None:
    """The first step from a row to its rubric (a measure's is `item`); None where the row is not a part of one."""
    step, *further = model.FROZEN_AT.split("__")  # type: ignore[attr-defined]
    field = model._meta.get_field(step) if further else None
    return field if isinstance(field, models.ForeignKey) else None


def _refuse_owners(owner: models.ForeignKey[Any, Any], keys: Collection[Any]) -> None:
    model = owner.related_model
    _refuse(model, model._base_manager.filter(pk__in=keys))
