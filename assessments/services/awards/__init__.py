"""The only writers of award rounds, candidacies and titles; each call atomic and refusing in words."""

from assessments.services.awards.deciding import award, decline
from assessments.services.awards.rounds import Call, check_window, close_round, open_round, propose
from assessments.services.awards.titles import Earlier, record_title, revoke_title

__all__ = (
    "Call",
    "Earlier",
    "award",
    "check_window",
    "close_round",
    "decline",
    "open_round",
    "propose",
    "record_title",
    "revoke_title",
)
