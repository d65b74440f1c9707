"""Doubts, options and refusals in words: the only module of the importers that knows a language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rubrics.importers.doubts.kinds import Code, Option, Reason
from rubrics.models import BaseRule, BonusRule, Electorate, Gate

SENTENCES = {
    Code.LABEL_SUM: gettext_noop("%(label)s: the label says %(printed)s points, its rows add up to %(sum)s."),
    Code.GROUP_SUM: gettext_noop("The cell says %(printed)s points, its parts add up to %(sum)s."),
    Code.TOTAL_SUM: gettext_noop("The document declares %(printed)s points, the rows add up to %(sum)s."),
    Code.SHIFTED: gettext_noop(
        "The cells of this row stood one column off. Read as: number %(number)s, %(points)s points."
    ),
    Code.LONE: gettext_noop("“%(text)s” stands alone in its row and is taken for a label."),
    Code.NUMBER: gettext_noop("The number %(number)s is out of sequence; %(expected)s would follow."),
    Code.DUPLICATE: gettext_noop("The wording is (nearly) the same as an earlier row's: “%(text)s”"),
    Code.SHARED_POINTS: gettext_noop(
        "One cell of %(points)s points stands for %(rows)s rows without points of their own."
    ),
    Code.NO_POINTS: gettext_noop("This row has wording but no points."),
    Code.NO_WORDING: gettext_noop("This row has %(points)s points but no wording."),
    Code.GATE_ROW: gettext_noop("This row seems to decide about the award and not about points: %(kind)s"),
    Code.RULE: gettext_noop("“%(phrase)s” reads like a rule: %(kind)s (%(measures)s)"),
    Code.BALLOT: gettext_noop("“%(phrase)s” hangs on a satisfaction ballot among: %(who)s"),
    Code.COLUMN: gettext_noop("The column “%(heading)s” is not taken over."),
    Code.KIND: gettext_noop("“%(label)s” is none of the known kinds of organisation. Choose its kind in the draft."),
    Code.TABLE: gettext_noop("Table %(table)s of the file was left out: %(why)s"),
    Code.NESTED: gettext_noop("There is a table inside a cell of this row. It was not read."),
    Code.TOO_LONG: gettext_noop("Longer than the field can hold, and cut. In full: %(text)s"),
}
MISSING_LABEL = gettext_noop("The rows before the label “%(labels)s” have no label. They were put under it.")
DISPLACED = gettext_noop(
    "The labels do not fit their rows: %(labels)s stand beside %(sums)s. Other boundaries fit all of them."
)
POINTS = gettext_noop("The points can be read two ways: %(read)s or %(other)s. (…%(text)s)")
POINTS_UNSURE = gettext_noop("Are these %(other)s points, or a condition? (…%(text)s)")
BONUS = gettext_noop("This row seems to add points on top (%(points)s): %(rule_name)s (%(measures)s)")
PENALTY = gettext_noop("This row seems to take points away (%(points)s): %(rule_name)s (%(measures)s)")

OPTIONS = {
    Option.AS_PRINTED: gettext_noop("Leave it as printed"),
    Option.TAKE_SUM: gettext_noop("Take the sum"),
    Option.MOVE_LABELS: gettext_noop("Move the labels to where they fit"),
    Option.SCALE_TOTAL: gettext_noop("Scale the total to the declared one"),
    Option.ACCEPT: gettext_noop("It is right as it is"),
    Option.RENUMBER: gettext_noop("Correct the number"),
    Option.KEEP_BOTH: gettext_noop("Keep both rows"),
    Option.DROP_ROW: gettext_noop("Leave this row out"),
    Option.JOIN_ABOVE: gettext_noop("Add it to the row above"),
    Option.READ_OTHER: gettext_noop("Read %(other)s points"),
    Option.ONE_ITEM: gettext_noop("Keep them as one row"),
    Option.SPLIT_EVENLY: gettext_noop("Split the points evenly"),
    Option.MAKE_BASE: gettext_noop("Count it as %(base)s base points"),
    Option.MAKE_GATE: gettext_noop("Make it a condition without points"),
    Option.USE_RULE: gettext_noop("Use the proposed rule"),
    Option.KEEP_JUDGED: gettext_noop("Let a person give the points"),
    Option.USE_BALLOT: gettext_noop("Take the result of the ballot"),
    Option.NO_BALLOT: gettext_noop("Without a ballot"),
    Option.BY_HAND: gettext_noop("I correct it in the draft"),
}

REFUSALS = {
    Reason.NO_TABLE: gettext_noop("The file holds no table. Upload the Word or Excel file with the table of points."),
    Reason.EMPTY: gettext_noop("The tables in the file are empty."),
    Reason.NO_POINTS: gettext_noop(
        "No points were found: no column such as 分值 and no points in the wording. This is no table of points."
    ),
    Reason.RESULTS: gettext_noop(
        "This looks like a list of results, with scores that somebody was given. It is no rubric."
    ),
    Reason.ROSTER: gettext_noop("This looks like a list of people or an attendance list. It is no rubric."),
    Reason.MONEY: gettext_noop("This looks like a table of amounts of money. It is no rubric."),
    Reason.STATISTICS: gettext_noop("This looks like statistics: its numbers are no points. It is no rubric."),
    Reason.TOO_LARGE: gettext_noop("The tables have more than 3,000 rows. Upload the table of points by itself."),
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
