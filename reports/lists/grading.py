"""The table of what everybody would be awarded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grading import Verdict
from reports.standings.table import Column, Line

COLUMNS = (
    Column(gettext_lazy("Kind"), 20, number=False),
    Column(gettext_lazy("Rank"), 8),
    Column(gettext_lazy("Organisation"), 36, number=False),
    Column(gettext_lazy("Assessing union"), 26, number=False),
    Column(gettext_lazy("State"), 16, number=False),
    Column(gettext_lazy("Points reached"), 12),
    Column(gettext_lazy("out of"), 10),
    Column(gettext_lazy("Self-assessed"), 14, number=False),
    Column(gettext_lazy("By points"), 14, number=False),
    Column(gettext_lazy("Awarded"), 16, number=False),
    Column(gettext_lazy("Limited by the quota"), 12, number=False),
    Column(gettext_lazy("Qualified"), 12, number=False),
    Column(gettext_lazy("Ruling"), 24, number=False),
    Column(gettext_lazy("Why it has no result"), 30, number=False),
)


def lines(verdicts: Iterable[Verdict]) -> Iterator[Line]:
    return (_line(one) for one in verdicts)


def _line(one: Verdict) -> Line:
    assessed = one.assessment
    who = (assessed.kind, one.place, assessed.name, assessed.assessor, str(assessed.state.label))
    reached = (one.points, one.maximum, one.self_band, one.band) if one.final else (None, None, "", "")
    awarded = _("To be decided") if one.tied else one.awarded
    return Line((*who, *reached, awarded, _("yes") if one.limited else "", _qualified(one), _ruling(one), _why(one)))


def _qualified(one: Verdict) -> str:
    if one.qualified is None:
        return ""
    return _("yes") if one.qualified else _("Not qualified")


def _ruling(one: Verdict) -> str:
    if one.ruling is None:
        return ""
    stands = _("confirmed") if one.ruling.confirmed else _("to be confirmed")
    return f"{one.ruling.kind.label} ({_('no longer fits') if one.void else stands})"


def _why(one: Verdict) -> str:
    return one.withdrawn_for
