"""What every row of a rubric has in common: the key that fixtures name it by, and the guard of frozen rubrics."""

from __future__ import annotations

from functools import reduce
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from rubrics.guard import GuardedQuerySet


class NaturalKeyManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, *key: Any) -> Any:
        return self.get(**dict(zip(self.model.NATURAL_KEY, key, strict=True)))


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
        return tuple(self._follow(lookup) for lookup in self.NATURAL_KEY)

    def _follow(self, lookup: str) -> Any:
        try:
            return reduce(getattr, lookup.split("__"), self)
        except ObjectDoesNotExist:
            return None


def points_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Points as printed or given: up to 9999.99 (1000-point rubrics exist), exact."""
    return models.DecimalField(label, max_digits=6, decimal_places=2, **options)
