"""Objections to published results: registered, rechecked, settled. The only writer of them."""

from assessments.services.objections.entering import Entry, check_enterable, register
from assessments.services.objections.handling import (
    check_recheckable,
    check_settleable,
    ends,
    may_take_back,
    open_recheck,
    settle,
)
from assessments.services.objections.looking import look_at_objector
from assessments.services.objections.words import CONTACT, NAME, OUTCOME, STATEMENT

__all__ = (
    "CONTACT",
    "NAME",
    "OUTCOME",
    "STATEMENT",
    "Entry",
    "check_enterable",
    "check_recheckable",
    "check_settleable",
    "ends",
    "look_at_objector",
    "may_take_back",
    "open_recheck",
    "register",
    "settle",
)
