"""Doubts, options and refusals in words: the only module of the importers that knows a language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later

from rubrics.importers.doubts.kinds import Code, Option, Reason
from rubrics.models import BaseRule, BonusRule, Electorate, Gate

SENTENCES = {
    Code.LABEL_SUM: later("%(label)s: the label says %(printed)s points, its rows add up to %(sum)s."),
    Code.GROUP_SUM: later("The cell says %(printed)s points, its parts add up to %(sum)s."),
    Code.TOTAL_SUM: later("The document declares %(printed)s points, the rows add up to %(sum)s."),
    Code.SHIFTED: later("The cells of this row stood one column off. Read as: number %(number)s, %(points)s points."),
    Code.NUMBER: later("The number %(number)s is out of sequence; %(expected)s would follow."),
    Code.DUPLICATE: later("The wording is (nearly) the same as an earlier row's: “%(text)s”"),
    Code.SHARED_POINTS: later("One cell of %(points)s points stands for %(rows)s rows without points of their own."),
    Code.NO_POINTS: later("This row has wording but no points."),
    Code.GATE_ROW: later("This row seems to decide about the award and not about points: %(kind)s"),
    Code.RULE: later("“%(phrase)s” reads like a rule: %(kind)s (%(measures)s)"),
    Code.BALLOT: later("“%(phrase)s” hangs on a satisfaction ballot among: %(who)s"),
    Code.COLUMN: later("The column “%(heading)s” is not taken over."),
    Code.KIND: later("“%(label)s” is none of the known kinds of organisation. Choose its kind in the draft."),
    Code.TABLE: later("Table %(table)s of the file was left out: %(why)s"),
    Code.NESTED: later("There is a table inside a cell of this row. It was not read."),
    Code.TOO_LONG: later("Longer than the field can hold, and cut. In full: %(text)s"),
}
MISSING_LABEL = later("The rows before the label “%(labels)s” have no label. They were put under it.")
DISPLACED = later(
    "The labels do not fit their rows: %(labels)s stand beside %(sums)s. Other boundaries fit all of them."
)
POINTS = later("The points can be read two ways: %(read)s or %(other)s. (…%(text)s)")
POINTS_UNSURE = later("Are these %(other)s points, or a condition? (…%(text)s)")
BONUS = later("This row seems to add points on top (%(points)s): %(rule_name)s (%(measures)s)")
PENALTY = later("This row seems to take points away (%(points)s): %(rule_name)s (%(measures)s)")

OPTIONS = {
    Option.AS_PRINTED: later("Leave it as printed"),
    Option.TAKE_SUM: later("Take the sum"),
    Option.MOVE_LABELS: later("Move the labels to where they fit"),
    Option.SCALE_TOTAL: later("Scale the total to the declared one"),
    Option.ACCEPT: later("It is right as it is"),
    Option.RENUMBER: later("Correct the number"),
    Option.KEEP_BOTH: later("Keep both rows"),
    Option.DROP_ROW: later("Leave this row out"),
    Option.JOIN_ABOVE: later("Add it to the row above"),
    Option.READ_OTHER: later("Read %(other)s points"),
    Option.ONE_ITEM: later("Keep them as one row"),
    Option.SPLIT_EVENLY: later("Split the points evenly"),
    Option.MAKE_BASE: later("Count it as %(base)s base points"),
    Option.MAKE_GATE: later("Make it a condition without points"),
    Option.USE_RULE: later("Use the proposed rule"),
    Option.KEEP_JUDGED: later("Let a person give the points"),
    Option.USE_BALLOT: later("Take the result of the ballot"),
    Option.NO_BALLOT: later("Without a ballot"),
    Option.BY_HAND: later("I correct it in the draft"),
}

REFUSALS = {
    Reason.NO_TABLE: later("The file holds no table. Upload the Word or Excel file with the table of points."),
    Reason.EMPTY: later("The tables in the file are empty."),
    Reason.NO_POINTS: later(
        "No points were found: no column such as 分值 and no points in the wording. This is no table of points."
    ),
    Reason.RESULTS: later("This looks like a list of results, with scores that somebody was given. It is no rubric."),
    Reason.ROSTER: later("This looks like a list of people or an attendance list. It is no rubric."),
    Reason.MONEY: later("This looks like a table of amounts of money. It is no rubric."),
    Reason.STATISTICS: later("This looks like statistics: its numbers are no points. It is no rubric."),
    Reason.TOO_LARGE: later("The tables have more than 3,000 rows. Upload the table of points by itself."),
}


def sentence(code: Code | str, facts: Mapping[str, str]) -> str:
    """What is doubtful, for the person who decides, in the active language."""
    said = dict(facts)
    match Code(code):
        case Code.LABEL_DISPLACED:
            template = DISPLACED if facts.get("plan") else MISSING_LABEL
        case Code.POINTS:
            template = POINTS if facts.get("read") else POINTS_UNSURE
        case Code.BONUS_ROW:
            template = PENALTY if facts.get("kind") == "penalty" else BONUS
            said["rule_name"] = _rule(facts["rule"])
        case Code.RULE:
            template, said["kind"] = SENTENCES[Code.RULE], _rule(facts["rule"])
        case Code.GATE_ROW:
            template, said["kind"] = SENTENCES[Code.GATE_ROW], str(Gate(facts["gate"]).label)
        case Code.BALLOT:
            template, said["who"] = SENTENCES[Code.BALLOT], str(Electorate(facts["electorate"]).label)
        case Code.TABLE:
            template, said["why"] = SENTENCES[Code.TABLE], refusal(facts["reason"])
        case known:
            template = SENTENCES[known]
    return _(template) % said


def option_label(option: Option | str, facts: Mapping[str, str]) -> str:
    """The words on the option's button."""
    return _(OPTIONS[Option(option)]) % dict(facts)


def refusal(reason: Reason | str) -> str:
    """Why the file is no rubric, and what to do."""
    return _(REFUSALS[Reason(reason)])


def _rule(name: str) -> str:
    known = {**dict(BaseRule.choices), **dict(BonusRule.choices)}
    return str(known[name])
