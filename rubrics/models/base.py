"""What every row of a rubric has in common: the key that fixtures name it by, and the guard of frozen rubrics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from rubrics.guard import GuardedQuerySet

_known: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("rows of rubrics by natural key and by key")


@contextmanager
def owners_known() -> Iterator[dict[tuple[Any, ...], Any]]:
    """Inside, a row that natural keys name is fetched once, not anew for each row that it owns.

    Of one database; whoever takes rows away has to clear the dictionary.
    """
    known: dict[tuple[Any, ...], Any] = {}
    token = _known.set(known)
    try:
        yield known
    finally:
        _known.reset(token)


class NaturalKeyManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, *key: Any) -> Any:
        known = _known.get(None)
        found = None if known is None else known.get((self.model, key))
        if found is None:
            found = self.get(**dict(zip(self.model.NATURAL_KEY, key, strict=True)))
            if known is not None:
                known[self.model, key] = known[self.model, found.pk] = found
        return found


class NaturalKey(models.Model):
    """A row that fixtures name by `NATURAL_KEY`, the look-ups that identify it.

    FROZEN_AT  the look-up of its rubric's `frozen_at`, which `rubrics.guard` asks before anything is written
    """

    NATURAL_KEY: ClassVar[tuple[str, ...]]
    FROZEN_AT: ClassVar[str] = "rubric__frozen_at"

    objects = NaturalKeyManager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """None stands for what its owner would say, while the owner is not there."""
        if known := _known.get(None):
            for field in self._meta.concrete_fields:
                owner = known.get((field.related_model, getattr(self, field.attname)))
                if owner is not None:
                    field.set_cached_value(self, owner)  # type: ignore[attr-defined]
        return tuple(self._follow(lookup) for lookup in self.NATURAL_KEY)

    def _follow(self, lookup: str) -> Any:
        try:
            return reduce(getattr, lookup.split("__"), self)
        except ObjectDoesNotExist:
            return None


def points_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Points as printed or given: up to 9999.99 (1000-point rubrics exist), exact."""
    return models.DecimalField(label, max_digits=6, decimal_places=2, **options)
