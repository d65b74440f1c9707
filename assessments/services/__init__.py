"""The only writers of assessments. Each call is atomic, checks the person's right, and refuses with a sentence."""

from assessments.services.cycles import Choice, Plan, change_deadlines, open_cycle, survey
from assessments.services.evidence import attach, remove
from assessments.services.marks import Saved, adopt_marks, save_marks, stand_by_marks, take_ballots
from assessments.services.moves import move
from assessments.services.refusals import Forbidden, MarksRefused, Refused, WrongState
from assessments.services.signoffs import sign_off, take_back
from assessments.services.typed import Typed

__all__ = (
    "Choice",
    "Forbidden",
    "MarksRefused",
    "Plan",
    "Refused",
    "Saved",
    "Typed",
    "WrongState",
    "adopt_marks",
    "attach",
    "change_deadlines",
    "move",
    "open_cycle",
    "remove",
    "save_marks",
    "sign_off",
    "stand_by_marks",
    "survey",
    "take_back",
    "take_ballots",
)
