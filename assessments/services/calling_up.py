"""Drawn assessments are called up for review: what `moves.move` does to one, for thousands in a handful of queries.

A move of its own for each name costs some twenty queries; a city that draws 2,000 would wait for minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from assessments.models import Assessment, Objection, ObjectionState, Sheet, Step
from assessments.permissions import may_move
from assessments.queries import FilledIn
from assessments.results import set_total, total_of
from assessments.services import messages, tallying
from assessments.services.locking import in_closed_cycle
from assessments.services.moves import FIRST, overtaken, step_after
from assessments.services.refusals import Forbidden
from assessments.workflow import STAGE_ORDER, THREE, Action, Move, Stage, State, Warrant, find_move, stages_of
from orgs.models import User
from orgs.services.base import batches
from rubrics.scoring.totals import Total

ENDED = stages_of(THREE)[STAGE_ORDER.index(Stage.REVIEW) - 1]
"""The stage whose result stands while the review runs."""

OF_A_SHEET = ("points", "band_rank", "applicable")
"""What a result takes from its sheet."""


def call_up(by: User, keys: Collection[int], reason: str) -> None:
    """Moves finished assessments of one cycle to the review, each with its step in the log: all of them or none.

    Needs a transaction, and the warrant of a draw, which is checked by whoever calls this. Raises WrongState and
    Forbidden as `moves.move` does, the latter with the name of the organisation.
    """
    for batch in batches(sorted(keys)):
        _call_up(by, batch, reason)


def _call_up(by: User, keys: Sequence[int], reason: str) -> None:
    found = Assessment.objects.select_related("rubric", "kind", "cycle").select_for_update(of=("self",))
    assessments = list(found.filter(pk__in=keys).order_by("pk"))
    edges = _edges(by, assessments)
    last = _last_steps(keys)
    steps = [
        step_after(last.get(one.pk, FIRST), by, one, edge, reason) for one, edge in zip(assessments, edges, strict=True)
    ]
    Step.objects.bulk_create(steps)
    _open_sheets(assessments)
    _set_results(assessments)
    messages.tell_call_ups(steps)


def _edges(by: User, assessments: Sequence[Assessment]) -> list[Move]:
    """The edge that each takes, having asked for everything that `move` asks for."""
    keys = [one.pk for one in assessments]
    closed = in_closed_cycle(assessments[0])
    rechecked = Objection.objects.filter(assessment__in=keys, state=ObjectionState.RECHECKING)
    busy = set(rechecked.values_list("assessment", flat=True))
    filled = set(FilledIn.objects.filter(assessment__in=keys, user=by.pk).values_list("assessment", flat=True))
    edges = []
    for one in assessments:
        edge = find_move(State(one.state), Action.CALL_UP, one.stages, closed=closed, rechecked=one.pk in busy)
        if edge is None or edge.warrant != Warrant.DRAW:
            raise overtaken(one)
        one.__dict__["_filled_in"] = {by.pk: one.pk in filled}  # else `serves_unit` asks once for each
        if not may_move(by, one, edge):
            raise Forbidden(
                _("“%(name)s” would be drawn, and you fill in its sheets: somebody else has to draw.")
                % {"name": one.name}
            )
        edges.append(edge)
    return edges


def _last_steps(keys: Sequence[int]) -> dict[int, tuple[int, str]]:
    steps = Step.objects.filter(assessment__in=keys).order_by("assessment", "number")
    return {one: (number, digest) for one, number, digest in steps.values_list("assessment", "number", "digest")}


def _open_sheets(assessments: Sequence[Assessment]) -> None:
    """The review sheets: made empty, or open again where there was a review before."""
    reviews = Sheet.objects.filter(assessment__in=assessments, stage=Stage.REVIEW)
    reviews.update(closed_at=None, reopened_by=None)
    there = set(reviews.values_list("assessment", flat=True))
    blank: dict[tuple[int, str, int], Total] = {}  # what an empty sheet says is the same for all of a kind
    made = [Sheet(assessment=one, stage=Stage.REVIEW) for one in assessments if one.pk not in there]
    for sheet in made:
        one = sheet.assessment
        terms = (one.rubric_id, one.total_policy, one.kind_id)
        if terms not in blank:
            blank[terms] = total_of(one, {})
        set_total(sheet, blank[terms])
    Sheet.objects.bulk_create(made)


def _set_results(assessments: Sequence[Assessment]) -> None:
    """The official result is that of the stage before, until the review is confirmed."""
    tallying.take_out(assessments)
    found = Sheet.objects.filter(assessment__in=assessments, stage=ENDED)
    results = {one: said for one, *said in found.values_list("assessment", *OF_A_SHEET)}
    other = [one for one in assessments if [getattr(one, name) for name in OF_A_SHEET] != results[one.pk]]
    for one in other:
        one.points, one.band_rank, one.applicable = results[one.pk]
    Assessment.objects.bulk_update(other, OF_A_SHEET)
    called = Assessment.objects.filter(pk__in=[one.pk for one in assessments])
    called.update(state=State.REVIEWING, stages=THREE, official_stage=ENDED, review_points=None)
