"""Doubts, options and refusals in words: the only module of the importers that knows a language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from rubrics.importers.doubts.kinds import Code, Option, Reason


def sentence(code: Code | str, facts: Mapping[str, str]) -> str:
    """What is doubtful, for the person who decides."""
    return _("To be looked at: %(code)s") % {"code": Code(code)}


def option_label(option: Option | str, facts: Mapping[str, str]) -> str:
    """The words on the option's button."""
    return str(Option(option))


def refusal(reason: Reason | str) -> str:
    """Why the file is no rubric, and what to do."""
    return str(Reason(reason))
