"""Reading rubrics, always through what the reader may see."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from orgs.permissions import posts
from orgs.queries import NOTHING, in_subtree
from orgs.roles import Role
from rubrics.models import Document, Doubt, Rubric

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import User

PUBLISHED = Q(published_at__isnull=False)


def visible_to(user: User | AnonymousUser) -> QuerySet[Rubric]:
    """Published rubrics, and the drafts of documents that the person looks after; one query for posts, no more."""
    return Rubric.objects.filter(PUBLISHED | _looked_after(user, "document__owner__path"))


def drafts_of(user: User | AnonymousUser) -> QuerySet[Rubric]:
    """The drafts that the person may edit."""
    return visible_to(user).exclude(PUBLISHED)


def desk_of(user: User | AnonymousUser) -> QuerySet[Rubric]:
    """The drafts that the person may edit, last begun first, each with `item_count` and `open_doubts`."""
    doubts = Doubt.objects.filter(rubric=OuterRef("pk"), chosen="").order_by().values("rubric")
    return (
        drafts_of(user)
        .select_related("document__owner")
        .annotate(
            item_count=Count("items"),
            open_doubts=Coalesce(Subquery(doubts.annotate(count=Count("pk")).values("count")), 0),
        )
        .order_by("-pk")
    )


def versions_of(user: User | AnonymousUser, rubric: Rubric) -> QuerySet[Rubric]:
    """The versions of a rubric that the person may see, newest first, each with `cycle_count`.

    How many cycles use it is asked by the name of the cycles' own relation: rubrics know nothing else of them.
    """
    cycles = Count("cycle_kinds__cycle", distinct=True)
    return visible_to(user).filter(code=rubric.code).annotate(cycle_count=cycles).order_by("-version")


def comparable(user: User | AnonymousUser, rubric: Rubric) -> QuerySet[Rubric]:
    """What a person may want to compare a rubric with: its versions, what it was copied from, what it builds upon."""
    origins = [one.code for one in (rubric.based_on, rubric.overlays) if one is not None]
    return (
        visible_to(user)
        .filter(Q(code__in=[rubric.code, *origins]) | Q(based_on__code=rubric.code))
        .exclude(pk=rubric.pk)
        .select_related("document__owner")
        .order_by("code", "-version")
    )


def documents(user: User | AnonymousUser) -> QuerySet[Document]:
    """Documents with the rubrics that the person may see, each with its kinds, `item_count` and `points_sum`.

    A document without any is shown to who looks after it. Four queries, one of them for posts.
    """
    seen = visible_to(user)
    rubrics = seen.annotate(item_count=Count("items"), points_sum=Sum("items__points"))
    return (
        Document.objects.filter(Exists(seen.filter(document=OuterRef("pk"))) | _looked_after(user, "owner__path"))
        .select_related("owner")
        .prefetch_related(
            Prefetch("rubrics", rubrics.order_by("position", "code", "-version").prefetch_related("audiences"))
        )
    )


def with_frame(user: User | AnonymousUser) -> QuerySet[Rubric]:
    """Rubrics with all that surrounds their rows: document, columns, kinds and bands."""
    return (
        visible_to(user)
        .select_related("document__owner", "based_on", "overlays")
        .prefetch_related("columns", "audiences", "bands")
        .annotate(item_count=Count("items"), points_sum=Sum("items__points"))
    )


def _looked_after(user: User | AnonymousUser, field: str) -> Q:
    branches = (in_subtree(post.path, field) for post in posts(user) if post.role == Role.ADMIN)
    return reduce(or_, branches, NOTHING)
