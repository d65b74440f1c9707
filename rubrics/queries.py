"""Reading rubrics."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from rubrics.models import Item, Rubric


def with_rows(rubrics: QuerySet[Rubric]) -> QuerySet[Rubric]:
    """Rubrics with everything that a page or a card prints: columns, bands, audiences, and items in document order.

    An item's departments are its `responsibilities`, lead first; `offices` would come in no order.
    """
    items = Item.objects.select_related("section", "group").prefetch_related(
        "measures", "audiences", "responsibilities__office"
    )
    return rubrics.select_related("document").prefetch_related(
        "columns", "bands", "audiences", Prefetch("items", items.order_by("position"))
    )
