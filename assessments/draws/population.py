"""Who can be drawn in a cycle, and to which stratum each belongs; the queries do not grow with the organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import pgettext

from assessments.draws.drawing import Member, one_line
from assessments.models import Assessment, Cycle, Draw, DrawMember, DrawPurpose, SnapshotRow
from assessments.results import band_named
from assessments.workflow import State
from orgs.models import Level, Organization, path_ids
from orgs.services.base import batches
from rubrics.models import Rubric

NO_BAND = "—"
LONGEST = 60
"""Of the name of a union above, where it stands only to tell two counties of one name apart."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be drawn. `key` stands for it in the population's text: nobody can choose it."""

    assessment: int
    name: str
    stratum: str

    @property
    def key(self) -> str:
        return str(self.assessment)


def candidates(cycle: Cycle, purpose: str) -> QuerySet[Assessment]:
    """The finished assessments of a cycle; for a revisit those whose result is in the last published snapshot."""
    final = Assessment.objects.filter(cycle=cycle, state=State.FINAL)
    if purpose == DrawPurpose.SPOT_CHECK:
        return final
    return final.filter(Exists(_published(cycle).filter(assessment=OuterRef("pk"))))


def _published(cycle: Cycle) -> QuerySet[SnapshotRow]:
    last = cycle.snapshots.order_by("-number").values("pk")[:1]
    return SnapshotRow.objects.filter(snapshot=last, points__isnull=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """What strata are made of, of one assessment."""

    pk: int
    name: str
    path: str
    kind: str
    assessor: int
    assessor_name: str
    level: str
    rubric: int
    rank: int | None


COLUMNS = ("pk", "name", "path", "kind__name", "assessor_id", "assessor__name", "organization__level")


def population(draw: Draw, chosen: QuerySet[Assessment] | None = None) -> list[Candidate]:
    """All that can be drawn now, or those chosen of them, each with its stratum in words."""
    rows = candidates(draw.cycle, draw.purpose) if chosen is None else chosen
    found = [_Found(*row) for row in rows.values_list(*COLUMNS, "rubric_id", "band_rank")]
    parts: list[Sequence[str]] = []
    if draw.by_kind:
        parts.append([one.kind for one in found])
    if draw.by_county:
        parts.append(_counties(found))
    if draw.by_band:
        parts.append(_published_bands(draw.cycle, found) if draw.purpose == DrawPurpose.REVISIT else _bands(found))
    if not parts:
        with translation.override(settings.LANGUAGE_CODE):
            parts.append([pgettext("stratum", "All")] * len(found))
    words = (" / ".join(one_line(part) for part in each) for each in zip(*parts, strict=True))
    return [Candidate(one.pk, one_line(one.name), stratum) for one, stratum in zip(found, words, strict=True)]


def _counties(found: list[_Found]) -> list[str]:
    """The county union on the path that the cycle froze; without one the assessing union."""
    named = _named_counties({key for one in found for key in path_ids(one.path)[:-1]})
    return [
        next(
            (named[key] for key in path_ids(one.path)[:-1] if key in named),
            one.name if one.level == Level.COUNTY else one.assessor_name,
        )
        for one in found
    ]


def _named_counties(keys: set[int]) -> dict[int, str]:
    """The county unions among these; of two with one name each stands with the union above it."""
    found: list[tuple[int, str, str | None]] = []
    for batch in batches(sorted(keys)):
        counties = Organization.objects.filter(pk__in=batch, level=Level.COUNTY)
        found += counties.values_list("pk", "name", "parent__name")
    times = Counter(name for _pk, name, _above in found)
    return {pk: f"{name}（{(above or '')[:LONGEST]}）" if times[name] > 1 else name for pk, name, above in found}


def _bands(found: list[_Found]) -> list[str]:
    rubrics = Rubric.objects.in_bulk({one.rubric for one in found})
    return [band_named(rubrics[one.rubric], one.rank) or NO_BAND for one in found]


def _published_bands(cycle: Cycle, found: list[_Found]) -> list[str]:
    awarded = dict(_published(cycle).values_list("assessment", "awarded"))
    return [awarded[one.pk] or NO_BAND for one in found]


def members_of(draw: Draw) -> list[Member]:
    """The frozen population."""
    return as_members(DrawMember.objects.filter(draw=draw).values_list("stratum", "key", "name", "excluded_for"))


def as_members(rows: Iterable[tuple[str, str, str, str]]) -> list[Member]:
    return [Member(stratum, key, name, bool(excluded)) for stratum, key, name, excluded in rows]
