"""How a service says no: always with a sentence fit to show a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from assessments.results import StoredMark


class Refused(Exception):  # noqa: N818  # reads as what it is where it is raised
    """The request is understood and can't be done; nothing was changed. `str()` is the sentence."""


class WrongState(Refused):
    """The assessment has moved on, or has not come so far."""


class Forbidden(Refused):
    """The person may see this but not do it."""


@dataclass(eq=False)  # an exception has to stay hashable
class MarksRefused(Refused):
    """Some of the marks can't be saved, so none was.

    errors     item key -> sentence
    conflicts  item key -> what somebody else saved meanwhile
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, StoredMark] = field(default_factory=dict)

    def __str__(self) -> str:
        sentences = list(self.errors.values())
        if self.conflicts:
            sentence = _("Somebody else saved meanwhile: %(items)s. Please look at both values.")
            sentences.append(sentence % {"items": "、".join(self.conflicts)})
        return " ".join(sentences)
