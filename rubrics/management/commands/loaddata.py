"""Django's loaddata, with two rules of ours about rubrics.

A rubric that a cycle uses stays as it is: every row of a frozen rubric, and the document that carries one, is passed
over. Any other rubric becomes what the fixture says: its Rubric row, which comes first, clears the old parts, so that
a row that the fixture lost does not stay behind and rows may change places. The Rubric row itself keeps its key; its
parts get new ones.
"""

from __future__ import annotations

from typing import Any, cast

from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.utils.translation import gettext as _

from rubrics.blueprint import PARTS
from rubrics.guard import owner_of
from rubrics.models import Document, NaturalKey, Rubric
from rubrics.models.base import owners_known


class Command(loaddata.Command):
    help = "Like Django's loaddata, but never touches a rubric that a cycle uses."

    def loaddata(self, fixture_labels: Any) -> None:
        self.frozen: dict[tuple[Any, ...], bool] = {}
        with owners_known() as self.known:
            super().loaddata(fixture_labels)
        if self.verbosity >= 1:
            for code, version in sorted(key for key, frozen in self.frozen.items() if frozen):
                self.stdout.write(
                    _("A cycle uses rubric %(code)s, version %(version)s: it stays as it is.")
                    % {"code": code, "version": version}
                )

    def save_obj(self, obj: DeserializedObject) -> bool:
        row = obj.object
        if isinstance(row, Document):
            if Rubric.objects.using(self.using).filter(document__slug=row.slug, frozen_at__isnull=False).exists():
                return False
        elif isinstance(row, NaturalKey):
            if self._is_frozen(_rubric_key(obj)):
                return False
            if isinstance(row, Rubric) and row.pk:
                for part in PARTS:
                    getattr(row, part).using(self.using).all().delete()
                self.known.clear()
        return super().save_obj(obj)

    def _is_frozen(self, key: tuple[Any, ...]) -> bool:
        """Whether a cycle uses the rubric; asked once, and locked, so that no cycle begins to use it meanwhile."""
        if key not in self.frozen:
            code, version = key
            stored = Rubric.objects.using(self.using).select_for_update().filter(code=code, version=version).first()
            self.frozen[key] = stored is not None and stored.frozen_at is not None
        return self.frozen[key]


def _rubric_key(obj: DeserializedObject) -> tuple[Any, ...]:
    """Code and version, with which every natural key begins, also the deferred one of an owner that is not there."""
    owner = owner_of(type(obj.object))
    key = next((value for field, value in (obj.deferred_fields or {}).items() if field == owner), ())
    return tuple(key or cast(NaturalKey, obj.object).natural_key())[:2]
