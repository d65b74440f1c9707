"""Settling a doubt: a pure change of the blueprint."""

from __future__ import annotations

from rubrics.blueprint import Blueprint
from rubrics.importers.doubts.kinds import Doubt, Option


class StaleDoubtError(LookupError):
    """The row or section that the doubt is about is no longer in the draft."""


def apply(blueprint: Blueprint, doubt: Doubt, option: Option) -> Blueprint:
    """The draft after a person chose `option`, one of `doubt.options`.

    Raises ValueError where the doubt has no such option, StaleDoubtError where its row is gone.
    """
    if option not in doubt.options:
        raise ValueError(option)
    return blueprint
