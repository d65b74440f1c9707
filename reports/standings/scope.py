"""Whose results a reader's tables speak of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from assessments import tallies
from assessments.models import Assessment, Cycle, CycleKind, Tally, What
from assessments.permissions import may_follow_decisions, may_read_standings
from assessments.queries import cycles_visible_to, under, visible_to
from assessments.reminders.unsubmitted import counties
from assessments.tallies import Figure, final
from orgs.acting import narrowed
from orgs.keys import key_of
from orgs.models import Level, Organization
from rubrics.convert import to_kernel
from rubrics.scoring.totals import Total, compute_total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assessments.views.answers import Request
    from orgs.models import User
    from rubrics.models import Rubric

NAME_LENGTH = 60


@dataclass(frozen=True)
class Scope:
    """The final results that a person reads, of one kind and branch.

    whole   the whole cycle, for who decides or oversees it; else only what the person's posts are a party to
    kinds   those of the cycle with a rubric, by key; `kind` is one of them
    """

    cycle: Cycle
    user: User
    whole: bool
    kinds: dict[int, CycleKind]
    branches: dict[int, Organization]
    kind: CycleKind | None = None
    branch: Organization | None = None
    name: str = ""

    def in_cycle(self, cycle: Cycle) -> QuerySet[Assessment]:
        """What the person reads of any cycle of this union, in the chosen branch."""
        own = cycle.assessments.all() if self.whole else visible_to(self.user).filter(cycle=cycle)
        return own.filter(under(self.branch)) if self.branch else own

    @property
    def everybody(self) -> QuerySet[Assessment]:
        return self.in_cycle(self.cycle)

    @property
    def found(self) -> QuerySet[Assessment]:
        return final(self.everybody)

    @property
    def of_kind(self) -> QuerySet[Assessment]:
        return self.found.filter(kind=self.kind.kind_id if self.kind else None)

    def figures(self, what: What, *by: str, cycle: Cycle | None = None, **only: Any) -> Iterator[Figure]:
        """How many of what this scope speaks of have which points: from the roll-up where it speaks of just that.

        by  what to count apart, of tallies.FIELDS; the number comes last
        """
        cycle = cycle or self.cycle
        if self.branch is None and self.whole:
            return tallies.rolled_up(cycle, what, by, **only)
        if self.branch and self.whole and _counted_apart(self.branch, cycle):
            return tallies.rolled_up(cycle, what, by, branch=self.branch.path, **only)
        return tallies.counted(what, by, self.in_cycle(cycle), **only)

    @cached_property
    def count(self) -> int:
        """How many have a final result."""
        return sum(number for _kind, number in self.figures(What.TOTAL, "kind"))

    @cached_property
    def all(self) -> int:
        """How many are assessed, whatever became of them."""
        return sum(number for _kind, number in self.figures(What.ALL, "kind"))

    @property
    def words(self) -> str:
        """What the tables speak of, in a line."""
        if self.branch:
            return _("%(cycle)s, %(branch)s") % {"cycle": self.cycle.name, "branch": self.branch.name}
        whole = _("%(cycle)s, all organisations") if self.whole else _("%(cycle)s, the organisations of your posts")
        return whole % {"cycle": self.cycle.name}


def _counted_apart(branch: Organization, cycle: Cycle) -> bool:
    """Whether the roll-up has the branch: not one that came or grew after the opening, nor what an industrial union has
    beside the tree.
    """
    return (
        branch.level != Level.INDUSTRY and Tally.objects.filter(cycle=cycle, what=What.ALL, branch=branch.path).exists()
    )


def rubric_of(kind: CycleKind) -> Rubric:
    """The kind's rubric; a scope has no kind without one."""
    return cast("Rubric", kind.rubric)


def blank(kind: CycleKind) -> Total:
    """What an organisation of the kind can come to, under the rubric as the cycle reads it."""
    return compute_total(to_kernel(rubric_of(kind), kind.total_policy), {}, kind.kind.code)


def scope_of(request: Request, pk: int) -> Scope:
    """The scope that the address asks for: a stranger finds no cycle, a reader must wait for the publication."""
    cycle = get_object_or_404(cycles_visible_to(request.user).select_related("branch"), pk=pk)
    if not may_read_standings(request.user, cycle):
        raise PermissionDenied
    whole = may_follow_decisions(request.user, cycle)
    user = request.user if whole else narrowed(request)
    asked = cycle.kinds.filter(rubric__isnull=False).select_related("kind", "rubric__document")
    kinds = {one.kind_id: one for one in asked.order_by("kind__position", "kind_id")}
    branches = {one.pk: one for one in counties(user, cycle)}
    return Scope(
        cycle,
        user,
        whole,
        kinds,
        branches,
        kind=kinds.get(key_of(request.GET.get("kind"))) or next(iter(kinds.values()), None),
        branch=branches.get(key_of(request.GET.get("branch"))),
        name=request.GET.get("q", "").strip().replace("\x00", "")[:NAME_LENGTH],
    )
