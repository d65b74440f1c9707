"""The only writers of ballots: prepared, opened, voted in, counted, closed; each call atomic and refusing in words."""

from assessments.services.ballots.codes import issue_codes
from assessments.services.ballots.papers import Counted, count_papers
from assessments.services.ballots.prepare import Answer, Draft, drop_ballot, save_ballot
from assessments.services.ballots.turn import annul_ballot, close_ballot, open_ballot
from assessments.services.ballots.votes import CodeRefused, cast_vote, find_ballot

__all__ = (
    "Answer",
    "CodeRefused",
    "Counted",
    "Draft",
    "annul_ballot",
    "cast_vote",
    "close_ballot",
    "count_papers",
    "drop_ballot",
    "find_ballot",
    "issue_codes",
    "open_ballot",
    "save_ballot",
)
