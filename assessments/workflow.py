"""The workflow, as one table: who may do what in which state, and where it leads. Data only, no ORM.

Buttons, permissions, the diagram in docs/workflow.md and the exhaustive test all read `MOVES` and `WRITERS`. Whether a
rubric has two stages (self, assess) or three (self, assess, review) is data on the rubric; each move says with which of
them it exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from orgs.roles import Role


class Stage(TextChoices):
    SELF = "self", _("Self-score")
    ASSESS = "assess", _("Assessment")
    REVIEW = "review", _("Review")


class State(TextChoices):
    SELF_SCORING = "self_scoring", _("Self-scoring")
    ASSESSING = "assessing", _("Under assessment")
    REVIEWING = "reviewing", _("Under review")
    FINAL = "final", _("Final")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(TextChoices):
    SUBMIT = "submit", _("Submit")
    SEND_BACK = "send_back", _("Send back")
    FORWARD = "forward", _("Forward")
    CONFIRM = "confirm", _("Confirm")
    REOPEN = "reopen", _("Reopen")
    CALL_UP = "call_up", _("Call up for review")
    RELEASE = "release", _("Release from review")
    RECHECK = "recheck", _("Recheck")
    WITHDRAW = "withdraw", _("Withdraw")
    RESUME = "resume", _("Resume")


class Party(TextChoices):
    """What an organisation is to an assessment; the assessment froze which organisation that is."""

    UNIT = "unit", _("Assessed organisation")
    ASSESSOR = "assessor", _("Assessing union")
    REVIEWER = "reviewer", _("Reviewing union")
    OBSERVER = "observer", _("Other superior")


class Warrant(TextChoices):
    """What has to stand behind a move that nobody makes by a button of its own."""

    DRAW = "draw", _("it was drawn")
    OBJECTION = "objection", _("an objection is being rechecked")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who holds one of the roles in the organisation that is this party to the assessment."""

    party: Party
    roles: frozenset[Role]


UNIT_CHAIR = Actor(Party.UNIT, frozenset({Role.CHAIR}))
UNIT_PEOPLE = Actor(Party.UNIT, frozenset({Role.CLERK, Role.CHAIR}))
ASSESSOR = Actor(Party.ASSESSOR, frozenset({Role.ASSESSOR}))
ASSESSING_PEOPLE = Actor(Party.ASSESSOR, frozenset({Role.ASSESSOR, Role.DEPARTMENT_ASSESSOR}))
REVIEWER = Actor(Party.REVIEWER, frozenset({Role.REVIEWER}))
DECIDERS = Actor(Party.REVIEWER, frozenset({Role.REVIEWER, Role.ADMIN}))
DECIDING_ADMIN = Actor(Party.REVIEWER, frozenset({Role.ADMIN}))

PARTIES_OF: dict[Role, frozenset[Party]] = {
    Role.CLERK: frozenset({Party.UNIT}),
    Role.CHAIR: frozenset({Party.UNIT}),
    Role.DEPARTMENT_ASSESSOR: frozenset({Party.ASSESSOR}),
    Role.ASSESSOR: frozenset({Party.ASSESSOR, Party.OBSERVER}),
    Role.REVIEWER: frozenset({Party.REVIEWER, Party.OBSERVER}),
    Role.ADMIN: frozenset(Party),
    Role.AUDITOR: frozenset(Party),
}
"""Which assessments a post makes known to its holder: those to which its organisation is one of these parties."""

TWO, THREE = 2, 3


@dataclass(frozen=True, slots=True)
class Move:
    """One edge of the workflow.

    needs_complete_sheet  every item of the stage that ends has a mark
    needs_departments     every department with items has signed off
    needs_ballots         every ballot that decides something is closed and heeded
    needs_reason          a reason is given and kept
    needs_tolerance       stages that are further apart than the cycle allows have their reason or opinion
    may_name_items        the mover may name the items that are open again; none named: all
    needs_items           at least one is named
    fresh_eyes            who has marked a named item before does not mark it again, and somebody else has to
    adds_review           the review stage begins, also where the rubric has none
    drops_review          the review that began last counts for nothing: stages and result are those before it
    in_closed_cycle       the edge also exists when the cycle is closed
    in_recheck            the edge also exists from the opening of a recheck until its objection is settled
    warrant               what stands behind it; None: a person's decision, by a button
    stages                the stage counts with which the edge exists
    """

    source: State
    action: Action
    to: State
    by: Actor
    needs_complete_sheet: bool = False
    needs_departments: bool = False
    needs_ballots: bool = False
    needs_reason: bool = False
    needs_tolerance: bool = False
    may_name_items: bool = False
    needs_items: bool = False
    fresh_eyes: bool = False
    adds_review: bool = False
    drops_review: bool = False
    in_closed_cycle: bool = False
    in_recheck: bool = False
    warrant: Warrant | None = None
    stages: frozenset[int] = frozenset({TWO, THREE})


S, A = State, Action
MOVES: tuple[Move, ...] = (
    Move(S.SELF_SCORING, A.SUBMIT, S.ASSESSING, UNIT_CHAIR, needs_complete_sheet=True),
    Move(S.ASSESSING, A.SEND_BACK, S.SELF_SCORING, ASSESSOR, needs_reason=True, may_name_items=True),
    Move(
        S.ASSESSING,
        A.FORWARD,
        S.REVIEWING,
        ASSESSOR,
        needs_complete_sheet=True,
        needs_departments=True,
        needs_ballots=True,
        needs_tolerance=True,
        stages=frozenset({THREE}),
    ),
    Move(
        S.ASSESSING,
        A.CONFIRM,
        S.FINAL,
        ASSESSOR,
        needs_complete_sheet=True,
        needs_departments=True,
        needs_ballots=True,
        needs_tolerance=True,
        in_recheck=True,
        stages=frozenset({TWO}),
    ),
    Move(
        S.REVIEWING,
        A.SEND_BACK,
        S.ASSESSING,
        REVIEWER,
        needs_reason=True,
        may_name_items=True,
        stages=frozenset({THREE}),
    ),
    Move(
        S.REVIEWING,
        A.CONFIRM,
        S.FINAL,
        REVIEWER,
        needs_complete_sheet=True,
        needs_tolerance=True,
        in_closed_cycle=True,
        in_recheck=True,
        stages=frozenset({THREE}),
    ),
    Move(S.FINAL, A.REOPEN, S.ASSESSING, REVIEWER, needs_reason=True, may_name_items=True, stages=frozenset({TWO})),
    Move(S.FINAL, A.REOPEN, S.REVIEWING, REVIEWER, needs_reason=True, may_name_items=True, stages=frozenset({THREE})),
    Move(S.FINAL, A.CALL_UP, S.REVIEWING, DECIDERS, adds_review=True, in_closed_cycle=True, warrant=Warrant.DRAW),
    Move(
        S.REVIEWING,
        A.RELEASE,
        S.FINAL,
        DECIDERS,
        needs_reason=True,
        drops_review=True,
        in_closed_cycle=True,
        warrant=Warrant.DRAW,
        stages=frozenset({THREE}),
    ),
    *(
        Move(
            S.FINAL,
            A.RECHECK,
            last,
            DECIDERS,
            needs_reason=True,
            may_name_items=True,
            needs_items=True,
            fresh_eyes=True,
            warrant=Warrant.OBJECTION,
            stages=frozenset({count}),
        )
        for last, count in ((S.ASSESSING, TWO), (S.REVIEWING, THREE))
    ),
    *(
        Move(state, A.WITHDRAW, S.WITHDRAWN, DECIDING_ADMIN, needs_reason=True, stages=counts)
        for state, counts in (
            (S.SELF_SCORING, frozenset({TWO, THREE})),
            (S.ASSESSING, frozenset({TWO, THREE})),
            (S.REVIEWING, frozenset({THREE})),
        )
    ),
    Move(S.WITHDRAWN, A.RESUME, S.SELF_SCORING, DECIDING_ADMIN, needs_reason=True),
)

BY_BUTTON: tuple[Action, ...] = tuple(dict.fromkeys(move.action for move in MOVES if move.warrant is None))
"""The actions that a person takes as such; the others come with a draw or an objection."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose sheet is open in a state, and who writes it."""

    stage: Stage
    by: Actor


WRITERS: dict[State, Writer] = {
    S.SELF_SCORING: Writer(Stage.SELF, UNIT_PEOPLE),
    S.ASSESSING: Writer(Stage.ASSESS, ASSESSING_PEOPLE),
    S.REVIEWING: Writer(Stage.REVIEW, REVIEWER),
}

STAGE_ORDER: tuple[Stage, ...] = (Stage.SELF, Stage.ASSESS, Stage.REVIEW)
STATE_OF: dict[Stage, State] = {writer.stage: state for state, writer in WRITERS.items()}


def moves_from(state: State, stages: int, *, closed: bool = False, rechecked: bool = False) -> tuple[Move, ...]:
    """The edges that leave a state, in the order in which their buttons are shown.

    closed     whether the cycle is
    rechecked  whether an objection is being rechecked or its recheck is not settled yet
    """
    return tuple(
        move
        for move in MOVES
        if move.source == state
        and stages in move.stages
        and (move.in_closed_cycle or not closed)
        and (move.in_recheck or not rechecked)
    )


def find_move(
    state: State, action: Action, stages: int, *, closed: bool = False, rechecked: bool = False
) -> Move | None:
    edges = moves_from(state, stages, closed=closed, rechecked=rechecked)
    return next((move for move in edges if move.action == action), None)


def stages_of(count: int) -> tuple[Stage, ...]:
    return STAGE_ORDER[:count]


def earlier(stage: Stage) -> tuple[Stage, ...]:
    """The stages whose sheets stand beside this one's."""
    return STAGE_ORDER[: STAGE_ORDER.index(stage)]


def open_stage(state: State) -> Stage | None:
    """The stage that is written in a state; None when the assessment is final."""
    writer = WRITERS.get(state)
    return writer.stage if writer else None


def stage_at_hand(state: State, stages: int) -> Stage:
    """The stage that is written in a state; of a final assessment the last."""
    return open_stage(state) or STAGE_ORDER[stages - 1]
