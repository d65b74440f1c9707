"""The closed set of doubts and of what may be done about them; each with what its `facts` hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What is doubtful. Facts are texts; numbers are written as people write them."""

    LABEL_SUM = "label_sum"  # a section's label prints another number than its rows add up to: label, printed, sum
    LABEL_DISPLACED = "label_displaced"  # as above, and other boundaries fit every label: labels, rows, plan
    GROUP_SUM = "group_sum"  # a group's printed points are not the sum of its parts: printed, sum
    TOTAL_SUM = "total_sum"  # the declared or printed total is another than the sum: printed, sum
    SHIFTED = "shifted"  # a row whose cells stood one column off was put right: number, text, points
    LONE = "lone"  # a text alone in its row is taken for a label: text
    NUMBER = "number"  # a printed number is out of sequence: number, expected
    DUPLICATE = "duplicate"  # the wording (nearly) repeats another row's: other (its ref), text
    POINTS = "points"  # the points can be read two ways: read, other, text
    SHARED_POINTS = (
        "shared_points"  # one cell of points for several rows without points of their own: points, rows, texts
    )
    NO_POINTS = "no_points"  # a row with wording and without points: text, printed
    BONUS_ROW = "bonus_row"  # looks like a bonus or a penalty: points, kind, rule, measures, plan, base
    NO_WORDING = "no_wording"  # a row with points and without wording: points
    GATE_ROW = "gate_row"  # looks like a veto or a condition: gate, words
    RULE = "rule"  # a phrase reads like a rule: phrase, rule, measures, plan
    BALLOT = "ballot"  # points hang on a satisfaction rate: electorate, phrase
    COLUMN = "column"  # a column that a rubric has no place for: heading
    KIND = "kind"  # assessed organisations that are none of the usual kinds: label
    TABLE = "table"  # a table of the file that was not read: table, reason
    NESTED = "nested"  # a table inside a cell was not read
    TOO_LONG = "too_long"  # a printed text is longer than the field it belongs to, and was cut: field, text


class Option(StrEnum):
    """What a person may decide. Each makes `apply` change the blueprint in one way, or leave it."""

    AS_PRINTED = "as_printed"  # nothing changes: the document's own number or place stands
    TAKE_SUM = "take_sum"
    MOVE_LABELS = "move_labels"
    SCALE_TOTAL = "scale_total"
    ACCEPT = "accept"  # it was read correctly; nothing changes
    RENUMBER = "renumber"
    KEEP_BOTH = "keep_both"
    DROP_ROW = "drop_row"
    JOIN_ABOVE = "join_above"
    READ_OTHER = "read_other"
    ONE_ITEM = "one_item"
    SPLIT_EVENLY = "split_evenly"
    MAKE_BASE = "make_base"
    MAKE_GATE = "make_gate"
    USE_RULE = "use_rule"
    KEEP_JUDGED = "keep_judged"  # a person gives the points, as without the phrase
    USE_BALLOT = "use_ballot"
    NO_BALLOT = "no_ballot"
    BY_HAND = "by_hand"  # nothing changes; the person edits the draft


class Reason(StrEnum):
    """Why no rubric could be read at all."""

    NO_TABLE = "no_table"
    EMPTY = "empty"
    NO_POINTS = "no_points"
    RESULTS = "results"  # scores of organisations or people, not points of rows
    ROSTER = "roster"  # an attendance, contact or name list
    MONEY = "money"  # salaries, a budget, an account
    STATISTICS = "statistics"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt. `ref` is the row that raised it, equal to its item's `source_ref` where it is about an item:
    "table:row" from 1, or "table:row.part" where a printed row holds several items; blank: the whole rubric.

    options  the proposed one first
    """

    code: Code
    ref: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = (Option.BY_HAND,)
