"""What a candidate for a title must meet: values in, findings with their evidence in words out. Knows no database.

The set of conditions is closed. A year is a calendar year, as a cycle names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rubrics.scoring.ballots import HUNDRED, BallotTerms, Tally, counts, reaches
from rubrics.scoring.exact import percent
from rubrics.scoring.numbers import format_points

# --- What is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NeedsBase:
    """A base union (基层工会), not one above."""


@dataclass(frozen=True, slots=True)
class NeedsTitle:
    """The rung at `position` of a ladder, or a higher one."""

    ladder: int
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class NeedsBallotYears:
    """So many calendar years in a row at this share of satisfied votes. `about` is the subject in words."""

    subject: str
    about: str
    years: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class NeedsQualified:
    """Qualified in the newest closed cycle."""


@dataclass(frozen=True, slots=True)
class NeedsShare:
    """At least this share of the full points in the newest closed cycle."""

    percent: Decimal


Need = NeedsBase | NeedsTitle | NeedsBallotYears | NeedsQualified | NeedsShare


# --- What is known ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A title that is held now."""

    ladder: int
    position: int
    name: str
    awarded_on: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """A closed ballot of members in a closed cycle."""

    year: int
    cycle: str
    title: str
    subject: str
    tally: Tally
    minimum: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last published result of a closed cycle. `points` None: it has no result."""

    year: int
    cycle: str
    qualified: bool | None
    points: Decimal | None
    maximum: Decimal | None


@dataclass(frozen=True, slots=True)
class Record:
    """What one candidate has to show.

    level     of the organisation, in words; `base`: it is a base union
    running   years with a cycle that is not closed, and its name
    """

    base: bool = False
    level: str = ""
    titles: tuple[Held, ...] = ()
    votes: tuple[Vote, ...] = ()
    outcome: Outcome | None = None
    closed_years: frozenset[int] = frozenset()
    running: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition in words, whether it is met, and by what that is seen, a line for each year or title."""

    asks: str
    met: bool
    evidence: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"asks": self.asks, "met": self.met, "evidence": list(self.evidence)}


# --- Comparing --------------------------------------------------------------------------------------------------------


def judge(need: Need, record: Record, year: int) -> Finding:
    """Whether the record meets the need, for an award in that year."""
    match need:
        case NeedsBase():
            return Finding(_("Is a base union"), record.base, (record.level,))
        case NeedsTitle():
            return _title(need, record)
        case NeedsBallotYears():
            return _ballot_years(need, record, year)
        case NeedsQualified():
            return _qualified(record)
        case NeedsShare():
            return _share(need, record)


def in_words(need: Need) -> str:
    """What is asked, without looking at anybody."""
    return judge(need, Record(), date.max.year).asks


def _title(need: NeedsTitle, record: Record) -> Finding:
    asks = _("Holds the title “%(title)s” or a higher one") % {"title": need.name}
    held = [one for one in record.titles if one.ladder == need.ladder and one.position >= need.position]
    told = tuple(_in_words(one) for one in held)
    return Finding(asks, bool(held), told or (_("No such title is recorded."),))


def _in_words(held: Held) -> str:
    told = _("%(title)s, awarded on %(day)s") % {"title": held.name, "day": held.awarded_on.isoformat()}
    return f"{told} · {held.document}" if held.document else told


def _ballot_years(need: NeedsBallotYears, record: Record, year: int) -> Finding:
    """Each of the last years has a ballot that counts, and none of its ballots lies below the share.

    The row ends in the award's own year if a cycle of it is closed, else in the year before. A missing year breaks it
    (domain.md I28). Of several ballots in a year the lowest decides.
    """
    asks = _("%(about)s: at least %(percent)s%% satisfied, %(years)s calendar years in a row") % {
        "about": need.about,
        "percent": format_points(need.percent),
        "years": need.years,
    }
    last = year if year in record.closed_years else year - 1
    found = [_one_year(need, record, one) for one in range(last - need.years + 1, last + 1)]
    return Finding(asks, all(met for met, _told in found), tuple(told for _met, told in found))


def _one_year(need: NeedsBallotYears, record: Record, year: int) -> tuple[bool, str]:
    held = [one for one in record.votes if one.year == year and one.subject == need.subject]
    valid = [one for one in held if counts(one.tally, _terms(one, need))]
    if not valid:
        return False, _missing(record, year, held)
    lowest = min(valid, key=lambda one: one.tally.share or 0)
    met = reaches(lowest.tally, _terms(lowest, need))
    told = _("%(year)s: %(satisfied)s of %(valid)s valid votes satisfied, %(percent)s%% (%(cycle)s, “%(title)s”)") % {
        "year": year,
        "satisfied": lowest.tally.satisfied,
        "valid": lowest.tally.valid,
        "percent": format_points(percent(lowest.tally.satisfied, lowest.tally.valid)),
        "cycle": lowest.cycle,
        "title": lowest.title,
    }
    if len(valid) > 1:
        told = _("%(ballot)s; the lowest of %(number)s ballots") % {"ballot": told, "number": len(valid)}
    return met, told


def _terms(vote: Vote, need: NeedsBallotYears) -> BallotTerms:
    return BallotTerms(vote.minimum, need.percent)


def _missing(record: Record, year: int, held: list[Vote]) -> str:
    """Why a year has no ballot that counts."""
    if held:
        return _("%(year)s: the ballot “%(title)s” does not count, too few came back.") % {
            "year": year,
            "title": held[0].title,
        }
    if year in record.closed_years:
        return _("%(year)s: no such ballot was held.") % {"year": year}
    if year in record.running:
        return _("%(year)s: “%(cycle)s” is not closed yet.") % {"year": year, "cycle": record.running[year]}
    return _("%(year)s: not assessed in any closed cycle.") % {"year": year}


def _qualified(record: Record) -> Finding:
    asks = _("Qualified in the newest closed cycle")
    if record.outcome is None:
        return Finding(asks, met=False, evidence=(_("There is no closed cycle yet."),))
    words = {
        True: _("%(year)s, %(cycle)s: qualified"),
        False: _("%(year)s, %(cycle)s: not qualified"),
        None: _("%(year)s, %(cycle)s: it does not say whether qualified or not"),
    }
    told = words[record.outcome.qualified] % {"year": record.outcome.year, "cycle": record.outcome.cycle}
    return Finding(asks, record.outcome.qualified is True, (told,))


def _share(need: NeedsShare, record: Record) -> Finding:
    asks = _("At least %(percent)s%% of the full points in the newest closed cycle") % {
        "percent": format_points(need.percent)
    }
    if record.outcome is None:
        return Finding(asks, met=False, evidence=(_("There is no closed cycle yet."),))
    named = {"year": record.outcome.year, "cycle": record.outcome.cycle}
    points, maximum = record.outcome.points, record.outcome.maximum
    if points is None or not maximum:
        return Finding(asks, met=False, evidence=(_("%(year)s, %(cycle)s: no result") % named,))
    told = _("%(year)s, %(cycle)s: %(points)s of %(maximum)s points") % {
        **named,
        "points": format_points(points),
        "maximum": format_points(maximum),
    }
    return Finding(asks, points * HUNDRED >= need.percent * maximum, (told,))
