"""Awards: the candidates of a round with what is met and by what that is seen, who holds which title, and a ladder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assessments.awards import merits
from assessments.awards.conditions import in_words
from assessments.awards.honours import Ratio
from assessments.models import AwardRound, Candidacy, Rung, Title
from reports.standings.table import Column, Line, Table, Value

BATCH = 500
WHO = (
    Column(pgettext_lazy("award", "Title"), 18, number=False),
    Column(gettext_lazy("Organisation"), 28, number=False),
    Column(pgettext_lazy("award", "Person"), 10, number=False),
)
CANDIDATES = (
    *WHO,
    Column(gettext_lazy("Superior union"), 22, number=False),
    Column(pgettext_lazy("award", "Recommended by"), 22, number=False),
    Column(pgettext_lazy("award", "Proposed by"), 10, number=False),
    Column(gettext_lazy("Proposed on"), 12, number=False),
    Column(gettext_lazy("Conditions"), 8),
    Column(gettext_lazy("Conditions met"), 8),
    Column(gettext_lazy("State"), 10, number=False),
    Column(gettext_lazy("Decided on"), 12, number=False),
    Column(gettext_lazy("Decided by"), 10, number=False),
    Column(gettext_lazy("Reason"), 22, number=False),
    Column(gettext_lazy("Why it is recommended"), 44, number=False),
)
CONDITIONS = (
    *WHO,
    Column(pgettext_lazy("award", "Condition"), 40, number=False),
    Column(pgettext_lazy("award", "Met or not"), 10, number=False),
    Column(pgettext_lazy("award", "Evidence"), 70, number=False),
    Column(gettext_lazy("As of"), 12, number=False),
)
TITLES = (
    *WHO,
    Column(gettext_lazy("Superior union"), 22, number=False),
    Column(gettext_lazy("Awarded on"), 12, number=False),
    Column(gettext_lazy("Awarded by"), 30, number=False),
    Column(gettext_lazy("Awarding union"), 22, number=False),
    Column(gettext_lazy("State"), 10, number=False),
    Column(gettext_lazy("Revoked on"), 12, number=False),
    Column(gettext_lazy("Why it was revoked"), 22, number=False),
    Column(gettext_lazy("Award ladder"), 20, number=False),
)
RUNGS = (
    Column(pgettext_lazy("award", "Title"), 26, number=False),
    Column(gettext_lazy("Conditions"), 60, number=False),
    Column(gettext_lazy("What the document says"), 70, number=False),
    Column(gettext_lazy("Prize"), 18, number=False),
    Column(gettext_lazy("Most in a round"), 10),
    Column(gettext_lazy("Holders"), 10),
)

GOALS = (
    Column(pgettext_lazy("award", "Title"), 26, number=False),
    Column(gettext_lazy("Holders of it or a higher one"), 14),
    Column(gettext_lazy("Out of"), 12),
    Column(gettext_lazy("Reached (%)"), 12, decimals=2),
    Column(gettext_lazy("Goal (%)"), 12, decimals=2),
    Column(gettext_lazy("Still needed"), 12),
)


def of_round(award_round: AwardRound, found: QuerySet[Candidacy]) -> Iterator[tuple[str, Table]]:
    """`found`: the candidates that the reader sees, in the page's order. They are read once for each worksheet, as a
    workbook that is streamed is written one worksheet after the other."""
    people = ("organization__parent", "recommended_by", "proposed_by", "decided_by")
    rows = found.select_related(*people, "organization", "rung")
    yield pgettext("award", "Candidates"), Table(CANDIDATES, _candidates(award_round, rows))
    yield _("Conditions and evidence"), Table(CONDITIONS, _conditions(award_round, rows))


def titles(found: QuerySet[Title]) -> tuple[str, Table]:
    rows = found.select_related("organization__parent", "rung__ladder", "round__owner").iterator(chunk_size=BATCH)
    return pgettext("award", "Titles"), Table(TITLES, (_title(one) for one in rows))


def rungs(found: Iterable[tuple[Rung, int]]) -> tuple[str, Table]:
    """The rungs of a ladder with how many stand on each."""
    counted = list(found)
    needs = merits.needs_of([rung.pk for rung, _number in counted])
    lines = (
        Line(
            (
                rung.name,
                "\n".join(in_words(need) for need in needs[rung.pk]),
                rung.source,
                rung.prize,
                rung.limit,
                number,
            )
        )
        for rung, number in counted
    )
    return _("Rungs"), Table(RUNGS, lines)


def goals(found: Iterable[Ratio]) -> tuple[str, Table]:
    """How far a branch is from the goals of a ladder, shares cut as the page has them."""
    lines = (
        Line(
            (
                one.rung.name,
                one.part,
                one.whole,
                Decimal(one.percent) if one.percent else None,
                one.rung.goal,
                one.short,
            )
        )
        for one in found
    )
    return _("Goals"), Table(GOALS, lines)


def _with_findings(
    award_round: AwardRound, found: QuerySet[Candidacy]
) -> Iterator[tuple[Candidacy, list[dict[str, Any]]]]:
    """In batches, each of a handful of queries."""
    rows = found.iterator(chunk_size=BATCH)
    while part := list(islice(rows, BATCH)):
        yield from zip(part, merits.shown(part, award_round.closes_on.year), strict=True)


def _candidates(award_round: AwardRound, found: QuerySet[Candidacy]) -> Iterator[Line]:
    for one, findings in _with_findings(award_round, found):
        parent = one.organization.parent
        proposed = (one.recommended_by.name, str(one.proposed_by), _day(one.proposed_at))
        met = sum(each["met"] for each in findings) if findings else None
        decided = (_day(one.decided_at), str(one.decided_by or ""), one.reason)
        judged = (len(findings) or None, met, one.get_state_display())
        yield Line((*_who(one), parent.name if parent else "", *proposed, *judged, *decided, one.statement))


def _conditions(award_round: AwardRound, found: QuerySet[Candidacy]) -> Iterator[Line]:
    today = timezone.localdate().isoformat()
    for one, findings in _with_findings(award_round, found):
        for each in findings:
            told = (each["asks"], _("met") if each["met"] else _("not met"), "\n".join(each["evidence"]))
            yield Line((*_who(one), *told, _day(one.decided_at) or today))


def _title(one: Title) -> Line:
    parent = one.organization.parent
    union = one.round.owner.name if one.round else ""
    given = (one.awarded_on.isoformat(), one.round.name if one.round else one.evidence, union)
    gone = (_("Revoked"), one.revoked_on.isoformat()) if one.revoked_on else (_("Held"), "")
    return Line((*_who(one), parent.name if parent else "", *given, *gone, one.revoked_for, one.rung.ladder.name))


def _who(one: Candidacy | Title) -> tuple[Value, ...]:
    return one.rung.name, one.organization.name, one.person


def _day(at: Any) -> str:
    return timezone.localdate(at).isoformat() if at else ""
