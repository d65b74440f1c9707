"""Browsing in the technical settings. A frozen rubric can only be read; the guard would refuse a change anyway."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from rubrics.guard import in_frozen_rubric
from rubrics.models import Audience, Band, Column, Document, Item, Measure, Office, Responsibility, Rubric, Section


class FrozenIsReadOnly:
    """For admin classes of rows, and for inlines, whose parent is asked."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_frozen(obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_frozen(obj)  # type: ignore[misc]


class FrozenTakesNoPart(FrozenIsReadOnly):
    """For inlines: `obj` is the row that owns them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not _is_frozen(obj)  # type: ignore[misc]


def _is_frozen(row: models.Model | None) -> bool:
    if row is None or row.pk is None:
        return False
    return type(row)._base_manager.filter(in_frozen_rubric(type(row)), pk=row.pk).exists()


class PartInline(FrozenTakesNoPart, admin.TabularInline):
    extra = 0


class ColumnInline(PartInline):
    model = Column


class AudienceInline(PartInline):
    model = Audience


class BandInline(PartInline):
    model = Band


class OfficeInline(PartInline):
    model = Office


class SectionInline(PartInline):
    model = Section


class MeasureInline(PartInline):
    model = Measure


class ResponsibilityInline(PartInline):
    model = Responsibility


@admin.register(Document)
class DocumentAdmin(FrozenIsReadOnly, admin.ModelAdmin):
    list_display = ("title", "issuer", "number")


@admin.register(Rubric)
class RubricAdmin(FrozenIsReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "code", "version", "document", "published_at", "frozen_at")
    list_filter = ("document",)
    list_select_related = ("document",)
    readonly_fields = ("frozen_at",)
    inlines = (ColumnInline, AudienceInline, BandInline, OfficeInline, SectionInline)


@admin.register(Item)
class ItemAdmin(FrozenIsReadOnly, admin.ModelAdmin):
    list_display = ("key", "text", "points", "rubric")
    list_filter = ("rubric",)
    list_select_related = ("rubric",)
    search_fields = ("text",)
    inlines = (MeasureInline, ResponsibilityInline)
