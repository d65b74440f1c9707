"""Reading objections (异议): who sees which, how they stand, what a recheck changed and who is left to make it."""

from assessments.objecting.changes import Change, changes, has_changed
from assessments.objecting.fresh import last_state, unmarkable
from assessments.objecting.reading import (
    Card,
    Identity,
    Looks,
    card,
    identity,
    is_overdue,
    listed,
    looks,
    no_notice,
    notice_on,
    objectionable_by,
    objections_visible_to,
    published_named,
    published_row,
    rechecked_beside,
    upheld_since_publishing,
)
from assessments.objecting.way import outcome_of_recheck, tickable, way

__all__ = (
    "Card",
    "Change",
    "Identity",
    "Looks",
    "card",
    "changes",
    "has_changed",
    "identity",
    "is_overdue",
    "last_state",
    "listed",
    "looks",
    "no_notice",
    "notice_on",
    "objectionable_by",
    "objections_visible_to",
    "outcome_of_recheck",
    "published_named",
    "published_row",
    "rechecked_beside",
    "tickable",
    "unmarkable",
    "upheld_since_publishing",
    "way",
)
