"""Reading rubrics."""

from __future__ import annotations

from django.db.models import Count, Prefetch, QuerySet, Sum

from rubrics.models import Document, Rubric


def documents() -> QuerySet[Document]:
    """Documents with their rubrics, each with its kinds, `item_count` and `points_sum`: three queries."""
    rubrics = Rubric.objects.annotate(item_count=Count("items"), points_sum=Sum("items__points"))
    return Document.objects.prefetch_related(
        Prefetch("rubrics", rubrics.order_by("position", "code", "-version").prefetch_related("audiences"))
    )


def with_frame() -> QuerySet[Rubric]:
    """Rubrics with all that surrounds their rows: document, columns, kinds and bands."""
    return (
        Rubric.objects.select_related("document")
        .prefetch_related("columns", "audiences", "bands")
        .annotate(item_count=Count("items"), points_sum=Sum("items__points"))
    )
