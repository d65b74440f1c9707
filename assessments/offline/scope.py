"""The rows of an open sheet as one person may fill them in."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.appraisal import points_by_item
from assessments.fields import as_typed, typed_fields
from assessments.offline import layout
from assessments.offline.asked import Answer, answers, may_not_apply
from assessments.results import Content
from assessments.services.typed import Typed, read_typed
from assessments.sheetpage import SheetPage
from assessments.workflow import Stage
from rubrics.convert import to_kernel
from rubrics.rows import Row
from rubrics.scoring.rubric import Item


@dataclass(frozen=True, slots=True)
class Asked:
    """One row.

    locked   why none of it is the person's to fill in now; empty: it is open
    closed   names of the answers that another department gives, or one that has signed off
    drops    whether the person may say that it does not apply; says_why: and gives the reason
    typed    as it stands, with its version
    """

    row: Row
    item: Item
    answers: tuple[Answer, ...]
    locked: str
    closed: frozenset[str]
    drops: bool
    says_why: bool
    content: Content
    typed: Typed

    @property
    def open(self) -> tuple[Answer, ...]:
        return () if self.locked else tuple(one for one in self.answers if one.name not in self.closed)

    def fault(self, answer: Answer, value: str) -> str:
        """Why this answer can't be taken, whatever the others say; empty: it can."""
        key = self.row.key
        alone = typed_fields({answer.name: value}, key, [one.key for one in self.row.measures], key)
        try:
            read_typed(self.row, self.item, alone, Stage.SELF, {})
        except ValueError as error:
            return str(error)
        return ""


def scope(page: SheetPage) -> tuple[Asked, ...]:
    """Every row that the page shows, in document order."""
    assessment = page.assessment
    kernel = to_kernel(assessment.rubric, assessment.total_policy).by_key
    decided = points_by_item(page.ballots.values()) if page.stage == Stage.ASSESS else {}

    def asked(row: Row) -> Asked:
        stored = page.marks[page.stage].get(row.key)
        content = stored.content if stored else Content()
        others = page.others.get(row.key, frozenset())
        found = answers(row, kernel[row.key])
        locked = page.locked.get(row.key, "") or (layout.BALLOT if row.key in decided else "")
        drops = bool(found) and not locked and may_not_apply(row) and not others and _claimed(page, row)
        return Asked(
            row,
            kernel[row.key],
            found,
            locked,
            frozenset(one.name for one in found if one.measure in others),
            drops,
            drops and page.stage == Stage.SELF,
            content,
            as_typed(row, content, stored.version if stored else 0),
        )

    return tuple(asked(row) for row in page.shown)


def _claimed(page: SheetPage, row: Row) -> bool:
    """Whether it is the organisation's own sheet, or agrees to what the organisation said."""
    if page.stage == Stage.SELF:
        return True
    claim = page.marks.get(Stage.SELF, {}).get(row.key)
    return claim is not None and claim.content.not_applicable
