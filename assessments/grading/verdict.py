"""One organisation's result in a cycle, and how it came about in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import RulingKind
from assessments.workflow import State
from rubrics.scoring.cohort import Contest, Outcome
from rubrics.scoring.grades import Scale
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import Gate

ASSESSED = ("name", "sort_key", "path", "kind", "rubric", "assessor")
RESULT = (
    *("points", "maximum", "self_points", "self_band", "place", "band_rank", "band"),
    *("awarded_rank", "awarded", "qualified", "limited", "withdrawn_for"),
)
"""The values that a snapshot keeps, named as its columns."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """Who was assessed as what, with which rubric and by whom, in words."""

    pk: int
    name: str
    sort_key: str
    path: str
    kind: str
    rubric: str
    assessor: str
    kind_id: int
    state: State


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruling that stands on an assessment. Unless it is confirmed it gives nothing yet."""

    pk: int
    kind: RulingKind
    rank: int | None
    reason: str
    proposed_by: int
    proposer: str
    confirmer: str

    @property
    def confirmed(self) -> bool:
        return bool(self.confirmer)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an assessment comes to if its cycle were published now. Without a final result all of it is blank.

    band, awarded  names in the words of the rubric; empty: none
    qualified      None where the rubric has no bands
    tied           whether it gets one of the last seats waits for a person; until then it has the next lower band
    void           a confirmed ruling stands on it that no longer fits its result
    explanation    in the language that is active when it is read
    """

    assessment: Assessed
    points: Decimal | None
    maximum: Decimal | None
    self_points: Decimal | None
    self_band: str
    self_rank: int | None
    band_rank: int | None
    withdrawn_for: str
    scale: Scale | None
    gates: frozenset[Gate]
    outcome: Outcome | None
    contest: Contest | None
    ruling: Ruled | None

    @property
    def key(self) -> str:
        return str(self.assessment.pk)

    @property
    def final(self) -> bool:
        return self.outcome is not None

    @property
    def place(self) -> int | None:
        return self.outcome.place if self.outcome else None

    @property
    def band(self) -> str:
        return self.named(self.band_rank)

    @property
    def awarded_rank(self) -> int | None:
        return self.outcome.awarded if self.outcome else None

    @property
    def awarded(self) -> str:
        return self.named(self.awarded_rank)

    @property
    def qualified(self) -> bool | None:
        return self.outcome.qualified if self.outcome else None

    @property
    def limited(self) -> bool:
        return self.outcome is not None and self.outcome.limited

    @property
    def tied(self) -> bool:
        return self.outcome is not None and self.outcome.tied

    @property
    def void(self) -> bool:
        return self.outcome is not None and self.outcome.void

    @property
    def ruled_band(self) -> str:
        """The band that the standing ruling gives."""
        return self.named(self.ruling.rank) if self.ruling else ""

    @property
    def explanation(self) -> tuple[str, ...]:
        return tuple(_sentences(self))

    @property
    def values(self) -> dict[str, Any]:
        """What a snapshot keeps of it, by the names of its columns."""
        assessed = {"assessment_id": self.assessment.pk} | {name: getattr(self.assessment, name) for name in ASSESSED}
        return assessed | {name: getattr(self, name) for name in RESULT} | {"explanation": list(self.explanation)}

    def named(self, rank: int | None) -> str:
        bands = self.scale.bands if self.scale else ()
        return next((band.name for band in bands if band.rank == rank), "")


def _sentences(verdict: Verdict) -> list[str]:
    if verdict.assessment.state == State.WITHDRAWN:
        return [_("Withdrawn from this cycle: %(reason)s") % {"reason": verdict.withdrawn_for}]
    if not verdict.final:
        return [_("There is no final result yet.")]
    told = [_of_points(verdict), *_of_gates(verdict), *_of_seats(verdict), *_of_ruling(verdict)]
    if verdict.qualified is not None:
        told.append(_("Qualified.") if verdict.qualified else _("Not qualified."))
    return told


def _of_points(verdict: Verdict) -> str:
    """What the points alone are worth."""
    points = verdict.points or Decimal(0)
    said = {"points": format_points(points), "maximum": format_points(verdict.maximum)}
    if verdict.scale is None:
        return _("%(points)s points of %(maximum)s.") % said
    bands = verdict.scale.bands
    reached = next((band for band in bands if points >= band.lower), bands[-1])
    said |= {"band": reached.name, "lower": format_points(reached.lower)}
    if reached is bands[-1]:
        return _("%(points)s points: %(band)s.") % said
    return _("%(points)s points reach %(band)s (%(lower)s points and more).") % said


def _of_gates(verdict: Verdict) -> list[str]:
    told = []
    if Gate.VETO in verdict.gates:
        told.append(_("A veto condition of the rubric holds: no band is awarded."))
    elif Gate.VETO_TOP in verdict.gates and verdict.scale and verdict.scale.bands[0].lower <= (verdict.points or 0):
        told.append(_("A condition of the rubric bars the best band: %(band)s.") % {"band": verdict.band})
    if Gate.REQUIRED in verdict.gates:
        told.append(_("Something that the rubric requires is missing."))
    return told


def _of_seats(verdict: Verdict) -> list[str]:
    """How the quota went, for who stood for a seat."""
    contest = verdict.contest
    if contest is None or contest.seats is None or verdict.key not in contest.standing:
        return []
    said = {
        "band": verdict.band,
        "seats": contest.seats,
        "place": contest.standing[verdict.key],
        "awarded": verdict.awarded,
        "open": contest.open_seats,
    }
    if verdict.tied:
        return [
            _(
                "%(seats)d seats for %(band)s, this organisation is number %(place)d, equal with others: "
                "who gets the last %(open)d is being decided."
            )
            % said
        ]
    if verdict.limited and verdict.awarded:
        return [
            _(
                "%(seats)d seats for %(band)s, this organisation is number %(place)d: "
                "by the quota it is awarded %(awarded)s."
            )
            % said
        ]
    if verdict.limited:
        return [
            _("%(seats)d seats for %(band)s, this organisation is number %(place)d: by the quota it has none.") % said
        ]
    return [_("%(seats)d seats for %(band)s, this organisation is number %(place)d.") % said]


def _of_ruling(verdict: Verdict) -> list[str]:
    ruling = verdict.ruling
    if ruling is None or not ruling.confirmed or verdict.void:
        return []
    said = {"band": verdict.named(ruling.rank), "reason": ruling.reason}
    told = {
        RulingKind.SEAT: _("By decision of the assessing side it gets one of the seats for %(band)s: %(reason)s"),
        RulingKind.OVERRIDE: _("By decision of the assessing side it is awarded %(band)s: %(reason)s"),
        RulingKind.VETO: _("By decision of the assessing side no band is awarded: %(reason)s"),
    }
    return [told[ruling.kind] % said]
