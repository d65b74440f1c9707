"""What the kernel refuses a rubric for, in the reader's language: it speaks English, this module translates.

Every sentence of the kernel stands here once more, so that the translators' tools find it; a test compares.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rubrics.scoring.rubric import RubricError

SAID = (
    gettext_noop("a ballot needs at least one vote"),
    gettext_noop("a cap is positive"),
    gettext_noop("a gate has no points and no rule"),
    gettext_noop("a gate has one answer"),
    gettext_noop("a level is worth more than the item"),
    gettext_noop("a quota is a share above 0 and up to 1"),
    gettext_noop("a threshold is a percentage above 0 and up to 100"),
    gettext_noop("a tier is worth more than the item"),
    gettext_noop("band %(band)s: a bound has at most %(places)s decimals"),
    gettext_noop("base points and a base rule come together"),
    gettext_noop("common limit %(cap)s: at most is not below 0, at least not above it"),
    gettext_noop("common limit %(cap)s: it limits nothing"),
    gettext_noop("common limit %(cap)s: no item counts towards it"),
    gettext_noop("each band has a lower bound and a lower rank than the one before"),
    gettext_noop("group %(group)s: its items do not add up to its points"),
    gettext_noop("it can earn nothing"),
    gettext_noop("it counts something that no rule of it looks at"),
    gettext_noop("it counts towards the common limit %(cap)s but has neither bonus nor penalty"),
    gettext_noop("its tiers do not fall with the bound"),
    gettext_noop("its tiers do not rise with the bound"),
    gettext_noop("measure %(measure)s: per and step are positive, amount and above are not negative"),
    gettext_noop("no band has the lowest qualified rank"),
    gettext_noop("no level is worth the whole item"),
    gettext_noop("no tier is worth the whole item"),
    gettext_noop("points are positive"),
    gettext_noop("the floor of a deduction is not above 0"),
    gettext_noop("the floor of a penalty is below 0"),
    gettext_noop("the last band starts at 0"),
    gettext_noop("the lowest total is not above 0"),
    gettext_noop("the parts do not add up to the item"),
    gettext_noop("the rule has nothing to count"),
    gettext_noop("the rule looks at one number, not at several"),
    gettext_noop("the step is positive"),
    gettext_noop("the weight of each scorer is positive"),
    gettext_noop("there is no common limit %(cap)s"),
    gettext_noop("two common limits share a name"),
    gettext_noop("two items share a key"),
    gettext_noop("two measures share a key"),
    gettext_noop("two tiers share a bound"),
    gettext_noop("%(measure)s is worth nothing"),
    gettext_noop("%(needed)s of %(asked)s conditions can't be needed"),
)


def in_words(error: RubricError) -> str:
    """Why the rubric contradicts itself, naming the row."""
    sentence = _(error.fault.said) % error.fault.gaps
    return _("Item %(item)s: %(sentence)s") % {"item": error.item, "sentence": sentence} if error.item else sentence
