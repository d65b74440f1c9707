"""What the tables of a kind share before any organisation stands in them: the rubric as the cycle reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, CycleKind
from assessments.workflow import STAGE_ORDER, Stage
from orgs.models import Organization
from reports.exports.spec import Asked
from reports.standings.scope import blank, rubric_of
from rubrics.convert import to_kernel
from rubrics.models import BonusRule
from rubrics.rows import Row, rows
from rubrics.scoring import rubric as kernel
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import ZERO


@dataclass(frozen=True)
class Section:
    name: str
    rows: tuple[Row, ...]

    @cached_property
    def printed(self) -> Decimal:
        """The printed points of its items; a section of bonuses has none, and no sum."""
        return sum((row.points or ZERO for row in self.rows), ZERO)


@dataclass(frozen=True)
class Frame:
    """`branch` None: every organisation of the kind. `stages`: those that were asked for."""

    kind: CycleKind
    branch: Organization | None
    stages: tuple[Stage, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return rows(rubric_of(self.kind))

    @cached_property
    def kernel(self) -> kernel.Rubric:
        return to_kernel(rubric_of(self.kind), self.kind.total_policy)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        found = groupby(self.rows, lambda row: (row.section, row.section_name))
        return tuple(Section(name, tuple(items)) for (_position, name), items in found)

    @cached_property
    def beyond(self) -> bool:
        """Whether anything counts beyond the items' printed points."""
        return any(row.bonus_rule != BonusRule.NONE or (row.floor or ZERO) < 0 for row in self.rows)

    @cached_property
    def maximum(self) -> str:
        return format_points(blank(self.kind).maximum)

    @property
    def totals(self) -> tuple[tuple[str, str], ...]:
        """The columns behind the sections', and what each is out of."""
        beyond = ((_("Bonus and penalties"), ""),) if self.beyond else ()
        return (*beyond, (_("Total"), self.maximum), (_("Band"), ""), (_("Not marked yet"), ""))

    @property
    def headings(self) -> Iterator[str]:
        """One for each cell of a sheet, in a line."""
        for section in self.sections:
            yield from (f"{section.name} {row.key}" for row in section.rows)
            yield f"{section.name} {_('Sum')}"
        yield from (label for label, _full in self.totals)

    @property
    def title(self) -> str:
        words = {"cycle": self.kind.cycle.name, "kind": self.kind.kind.name}
        return _("%(cycle)s: all marks, %(kind)s") % words

    @property
    def words(self) -> str:
        branch = self.branch.name if self.branch else _("all organisations")
        words = {"branch": branch, "day": timezone.localdate().isoformat()}
        return _("%(branch)s, as of %(day)s. Empty: not marked, or not open to you yet.") % words


def facts() -> tuple[str, ...]:
    """The columns before the marks."""
    return (_("Organisation"), _("Assessing union"), _("State"), _("Awarded as published"))


def frame_of(asked: Asked) -> Frame:
    """Asks no rights; a kind that is gone, or that got no rubric, is not allowed to anybody."""
    found = CycleKind.objects.filter(cycle=asked["cycle"], kind=asked["kind"], rubric__isnull=False)
    kind = found.select_related("cycle__branch", "kind", "rubric").first()
    branch = Organization.objects.filter(pk=asked["branch"]).first() if asked["branch"] else None
    if kind is None or bool(asked["branch"]) != bool(branch):
        raise PermissionDenied
    return Frame(kind, branch, (Stage(asked["stage"]),) if asked["stage"] else stages_of_kind(kind))


def stages_of_kind(kind: CycleKind) -> tuple[Stage, ...]:
    """Those that any assessment of the kind goes through: a draw may add a review to some."""
    of_kind = Assessment.objects.filter(cycle=kind.cycle_id, kind=kind.kind_id)
    return STAGE_ORDER[: of_kind.aggregate(most=Max("stages"))["most"] or 0]
