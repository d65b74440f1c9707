"""An item's answers as the fields of a form, there and back.

Named after the item, or on the page of one item after the assessment: p- points, c- counts and answers, l- the level,
na- and why- that it does not apply, r- remark, v- the version of the mark that was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessments.results import Content
from assessments.sentences import YES
from assessments.services.typed import Typed
from rubrics.models import BaseRule, MeasureRole
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points


def typed_in(data: Mapping[str, str], rows: Iterable[Row]) -> list[Typed]:
    """What a form says about those of the rows that it carries."""
    return [
        typed_fields(data, row.key, [m.key for m in row.measures], row.key) for row in rows if f"v-{row.key}" in data
    ]


def typed_fields(data: Mapping[str, str], name: str, measures: Iterable[str], key: str) -> Typed:
    """What the fields of this name say about an item."""
    counts = {measure: data.get(f"c-{name}-{measure}", "") for measure in measures}
    level = data.get(f"l-{name}", "")
    return Typed(
        key=key,
        points=data.get(f"p-{name}", ""),
        counts=counts | {level: YES} if level else counts,
        not_applicable=f"na-{name}" in data,
        reason=data.get(f"why-{name}", ""),
        remark=data.get(f"r-{name}", ""),
        version=_version(data.get(f"v-{name}", "")),
    )


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def as_typed(key: str, content: Content, version: int) -> Typed:
    """What somebody types who leaves everything as it stands."""
    counts = {measure: format_points(quantity) for measure, quantity in content.counts.items()}
    points = format_points(content.points)
    return Typed(key, points, counts, content.not_applicable, content.reason, content.remark, version)


def fields_of(row: Row, typed: Typed) -> dict[str, str]:
    """The fields that say it: `typed_in(fields_of(row, typed), [row])` comes to the same."""
    key, levels = row.key, levels_of(row)
    found = {f"v-{key}": str(typed.version), f"p-{key}": typed.points, f"r-{key}": typed.remark}
    for measure in row.measures:
        if measure.key not in levels:
            found[f"c-{key}-{measure.key}"] = typed.counts.get(measure.key, "")
        elif typed.counts.get(measure.key) == YES:
            found[f"l-{key}"] = measure.key
    if typed.not_applicable:
        found |= {f"na-{key}": "on", f"why-{key}": typed.reason}
    return {name: text for name, text in found.items() if text}


def levels_of(row: Row) -> frozenset[str]:
    """Keys of the measures of which exactly one holds."""
    if row.rule != BaseRule.LEVELS:
        return frozenset()
    return frozenset(one.key for one in row.measures if one.role == MeasureRole.BASE)
