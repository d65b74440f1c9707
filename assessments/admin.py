"""For technical administrators: cycles and assessments to look at. Nothing writes here; only services change scores."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from assessments.models import Assessment, Cycle, CycleKind, Evidence, Mark, MarkRevision, Sheet, Signoff, Step


class LookOnly:
    """No button to add, change or delete anything."""

    def has_add_permission(self, request: HttpRequest, *_parent: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False


class LookOnlyAdmin(LookOnly, admin.ModelAdmin):
    show_full_result_count = False
    list_per_page = 50


class CycleKindInline(LookOnly, admin.TabularInline):
    model = CycleKind


class SheetInline(LookOnly, admin.TabularInline):
    model = Sheet
    show_change_link = True


class StepInline(LookOnly, admin.TabularInline):
    model = Step
    fields = ("number", "action", "source", "target", "by", "at", "reason", "digest")


class MarkInline(LookOnly, admin.TabularInline):
    model = Mark


class SignoffInline(LookOnly, admin.TabularInline):
    model = Signoff


@admin.register(Cycle)
class CycleAdmin(LookOnlyAdmin):
    list_display = ("name", "year", "owner", "opened_at")
    list_select_related = ("owner",)
    list_filter = ("year",)
    search_fields = ("name", "owner__name")
    inlines = (CycleKindInline,)


@admin.register(Assessment)
class AssessmentAdmin(LookOnlyAdmin):
    list_display = ("name", "cycle", "kind", "state", "points")
    list_select_related = ("cycle", "kind")
    list_filter = ("state", "kind")
    search_fields = ("name",)
    ordering = ("-pk",)
    inlines = (SheetInline, StepInline)


@admin.register(Sheet)
class SheetAdmin(LookOnlyAdmin):
    list_display = ("assessment", "stage", "points", "scored", "required", "saved_at")
    list_select_related = ("assessment__cycle",)
    list_filter = ("stage",)
    search_fields = ("assessment__name",)
    ordering = ("-pk",)
    inlines = (MarkInline, SignoffInline)


@admin.register(MarkRevision)
class MarkRevisionAdmin(LookOnlyAdmin):
    list_display = ("sheet", "item", "version", "points", "counts", "by", "at")
    list_select_related = ("sheet__assessment__cycle", "item", "by")
    ordering = ("-pk",)


@admin.register(Evidence)
class EvidenceAdmin(LookOnlyAdmin):
    list_display = ("name", "sheet", "content_type", "size", "uploaded_by", "uploaded_at", "removed_at")
    list_select_related = ("sheet__assessment__cycle", "uploaded_by")
    search_fields = ("name",)
    ordering = ("-pk",)
    exclude = ("file",)  # read through the view that asks for the right to it
