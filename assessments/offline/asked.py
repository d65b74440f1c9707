"""What a row asks, one cell for each answer: its name in a form, what may stand there, how its text is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from assessments.controls import Control, controls
from assessments.sentences import RECORD
from rubrics.models import BaseRule
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import Item, Range

POINTS = "得分"


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell to fill in.

    name     of the form's field: p-1-1, c-1-2-absent, l-2-5
    label    what is asked, in the words of the workbook
    hint     what may be entered
    taken    the numbers it takes; None where one of the words of `options` is chosen
    options  value by word
    points   whether the number is points as they are, so that they can be added up
    measure  key of the measure; empty: the points that a person gives, or the level
    """

    name: str
    label: str
    hint: str
    taken: Range | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    points: bool = False
    measure: str = ""

    @property
    def asked(self) -> str:
        """What stands beside the cell."""
        return f"{self.label}\n{self.hint}" if self.hint else self.label

    def word(self, value: str) -> str:
        """What stands in the cell for the value of a field."""
        return next((word for word, one in self.options.items() if one == value), value)

    def value(self, text: str) -> str:
        """The value of the field for what stands in the cell. Raises ValueError with a sentence."""
        if self.taken is not None or not text.strip():
            return text
        for word, value in self.options.items():
            if plainly(text) in {plainly(word), plainly(word.partition("（")[0])}:
                return value
        raise ValueError(
            _("“%(text)s” is none of: %(words)s.") % {"text": text.strip()[:30], "words": "、".join(self.options)}
        )


def plainly(text: str) -> str:
    """A text as it is compared: without blanks, wide and narrow signs alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def answers(row: Row, item: Item) -> tuple[Answer, ...]:
    """The cells of a row in order; none where it asks nothing. In Chinese, as the workbook is, whatever the screen is.

    item  the kernel's value of the row: it says what may be entered where
    """
    with translation.override(RECORD):
        own = (_judged(row),) if row.rule == BaseRule.JUDGED else ()
        return own + tuple(_answer(row, item, control) for control in controls(row))


def _judged(row: Row) -> Answer:
    return Answer(f"p-{row.key}", POINTS, _between(row.points, row.step), Range(row.points, row.step), points=True)


def _answer(row: Row, item: Item, control: Control) -> Answer:
    if control.options:
        words = {one.label: one.value for one in control.options}
        measure = "" if control.name.startswith("l-") else control.name.removeprefix(f"c-{row.key}-")
        return Answer(control.name, control.label, control.rule, options=words, measure=measure)
    measure = control.name.removeprefix(f"c-{row.key}-")
    taken = item.accepts(measure)
    label = f"{control.label}（{control.unit}）" if control.unit else control.label
    parts = row.rule == BaseRule.SUM_OF_PARTS and taken.maximum is not None
    return Answer(control.name, label, control.rule, taken, points=parts, measure=measure)


def _between(most: Decimal | None, step: Decimal) -> str:
    return f"0～{format_points(most)}分，最小{format_points(step)}分"


def may_not_apply(row: Row) -> bool:
    """Whether an organisation can say that the row does not apply to it."""
    return row.points is not None
