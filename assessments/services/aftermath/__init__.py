"""The only writers of what follows from results: consequences, make-up tasks, coverage targets, yearly reports."""

from assessments.services.aftermath.deciding import confirm, drop
from assessments.services.aftermath.making_up import inspect, report_made_up
from assessments.services.aftermath.proposing import propose
from assessments.services.aftermath.reports import (
    ask_for_reports,
    hand_in_report,
    hand_report_back,
    receive_paper,
    save_report,
)
from assessments.services.aftermath.targets import set_targets

__all__ = (
    "ask_for_reports",
    "confirm",
    "drop",
    "hand_in_report",
    "hand_report_back",
    "inspect",
    "propose",
    "receive_paper",
    "report_made_up",
    "save_report",
    "set_targets",
)
