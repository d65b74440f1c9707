"""Who stands where among the organisations of a kind: by the total, or by a section or an item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.listing import named
from assessments.models import CycleKind, What
from assessments.results import own_stages, scale_of
from assessments.workflow import THREE, Stage
from reports.standings.scope import Scope, blank, rubric_of
from reports.standings.table import Column, Line
from reports.statistics import Counts, place_of, places, share, tally
from rubrics.models import BonusRule, Section
from rubrics.rows import rows

WHO = (
    Column(_("Rank"), 8, sort="place"),
    Column(_("Organisation"), 40, number=False, sort="name"),
    Column(_("Assessing union"), 30, number=False, sort="union"),
)
REACHED = (
    Column(_("Points reached"), 12, sort="points"),
    Column(_("out of"), 10),
    Column(_("Of the full points (%)"), 14, decimals=2),
)
APPLICABLE = Column(_("Applicable points"), 12)
STAGES = {
    Stage.SELF: Column(_("Self-score"), 12, sort="self"),
    Stage.ASSESS: Column(_("Assessment"), 12, sort="assess"),
    Stage.REVIEW: Column(_("Review"), 12, sort="review"),
}
ABOVE = Column(_("Self-score above the result"), 14, sort="above")
BAND = Column(_("By points"), 16, number=False)
TOTAL = Column(_("Total points"), 12, sort="total")

LABEL_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Subject:
    """What is ranked by: `most` points at most; `of` is the key of a section or an item. `word` is the address's."""

    what: What
    of: int
    label: str
    most: Decimal
    part: str = ""

    @property
    def word(self) -> str:
        return "" if self.what == What.TOTAL else f"{self.what}-{self.of}"


def subjects(kind: CycleKind) -> dict[str, Subject]:
    """What organisations of the kind can be ranked by: the total, sections, items with points. One query."""
    full = blank(kind)
    found = [Subject(What.TOTAL, 0, gettext("Total points"), full.maximum)]
    keys = dict(Section.objects.filter(rubric=rubric_of(kind)).values_list("position", "pk"))
    asked = [row for row in rows(rubric_of(kind)) if row.applies(kind.kind.code)]
    for section in full.sections:
        own = [row for row in asked if str(row.section) == section.section.key]
        if own:
            pk, name = keys[own[0].section], section.section.name
            found.append(Subject(What.SECTION, pk, name, section.full, gettext("Sections")))
    for row in asked:
        if row.points is not None or row.bonus_rule != BonusRule.NONE:
            label = f"{row.number} {row.text}".strip()[:LABEL_LENGTH]
            found.append(Subject(What.ITEM, row.pk, label, row.points or Decimal(0), gettext("Items")))
    return {one.word: one for one in found}


@dataclass(frozen=True)
class Ranking:
    """One table: the organisations of a scope's kind by one of its subjects, in an order of ORDERS."""

    scope: Scope
    kind: CycleKind
    subjects: Mapping[str, Subject]
    subject: Subject
    order: str

    @property
    def columns(self) -> tuple[Column, ...]:
        if self.subject.what == What.TOTAL:
            band = (BAND,) if scale_of(rubric_of(self.kind)) else ()
            return (*WHO, *REACHED, APPLICABLE, *(STAGES[stage] for stage in self.stages), ABOVE, *band)
        return (*WHO, *REACHED, *((APPLICABLE,) if self.subject.what == What.SECTION else ()), TOTAL)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """With two stages the assessment is the result; only a draw brings a review."""
        three = own_stages(rubric_of(self.kind)) == THREE or self.scope.cycle.draws.exists()
        return tuple(Stage) if three else (Stage.SELF,)

    @property
    def rows(self) -> QuerySet[Any, Any]:
        """The rows of the kind that bear the name asked for."""
        found = self.scope.of_kind
        if self.scope.name:
            found = found.filter(named(self.scope.name))
        if self.subject.what == What.SECTION:
            found = found.filter(section_results__section=self.subject.of)
            found = found.annotate(reached=F("section_results__points"), within=F("section_results__applicable"))
        elif self.subject.what == What.ITEM:
            marked = {"sheets__marks__item": self.subject.of, "sheets__marks__earned__isnull": False}
            found = found.filter(sheets__stage=F("official_stage"), **marked)
            found = found.annotate(reached=F("sheets__marks__earned"), within=F("points"))
        else:
            found = found.annotate(reached=F("points"), within=F("applicable"))
        found = found.annotate(union=F("assessor__name"), above=F("self_points") - F("points"))
        stages = (f"{stage}_points" for stage in Stage)
        wanted = ("pk", "name", "union", "reached", "within", "points", "band_rank", *stages)
        return found.order_by(*ORDERS[self.order]).values_list(*wanted, named=True)

    def lines(self, found: Iterable[Any]) -> Iterator[Line]:
        """One query for all places: how often each number of points stands. A search changes nobody's place."""
        counts = counted(self.scope, self.kind, self.subject)
        standing = places(counts)
        scale = scale_of(rubric_of(self.kind))
        bands = {band.rank: band.name for band in scale.bands} if scale else {}
        before, _pk, after = reverse("assessments:detail", args=[0]).rpartition("0")
        stages = self.stages if self.subject.what == What.TOTAL else ()
        most = self.subject.most
        for row in found:
            place = standing.get(row.reached) or place_of(row.reached, counts)
            who = (place, row.name, row.union)
            reached = (row.reached, most or None, share(row.reached, most))
            if self.subject.what == What.TOTAL:
                by_stage = (getattr(row, f"{stage}_points") for stage in stages)
                band = (bands.get(row.band_rank, ""),) if scale else ()
                above = None if row.self_points is None else row.self_points - row.points
                beside = (row.within, *by_stage, above, *band)
            else:
                beside = (row.within, row.points) if self.subject.what == What.SECTION else (row.points,)
            yield Line((*who, *reached, *beside), f"{before}{row.pk}{after}")


def counted(scope: Scope, kind: CycleKind, subject: Subject) -> Counts:
    """How many have each number of points."""
    return tally(scope.figures(subject.what, "of", "points", kind=kind.kind_id, of=subject.of)).get(subject.of, {})


def _both_ways(word: str, field: str) -> dict[str, tuple[Any, ...]]:
    """What has none comes last either way."""
    up, down = (getattr(F(field), way)(nulls_last=True) for way in ("asc", "desc"))
    return {word: (up, "sort_key", "pk"), f"-{word}": (down, "sort_key", "pk")}


ORDERS: Mapping[str, tuple[Any, ...]] = {
    "place": ("-reached", "sort_key", "pk"),
    "-place": ("reached", "sort_key", "pk"),
    "points": ("reached", "sort_key", "pk"),
    "-points": ("-reached", "sort_key", "pk"),
    "total": ("points", "sort_key", "pk"),
    "-total": ("-points", "sort_key", "pk"),
    "name": ("sort_key", "pk"),
    "-name": ("-sort_key", "-pk"),
    "union": ("assessor__sort_key", "assessor", "-reached", "sort_key", "pk"),
    "-union": ("-assessor__sort_key", "-assessor", "-reached", "sort_key", "pk"),
    **_both_ways("self", "self_points"),
    **_both_ways("assess", "assess_points"),
    **_both_ways("review", "review_points"),
    **_both_ways("above", "above"),
}
"""By the word of the address."""
