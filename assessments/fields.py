"""An item's answers as the fields of a form, there and back.

Named after the item, or on the page of one item after the assessment: p- points, c- counts and answers, l- the level,
na- and why- that it does not apply, r- remark, v- the version of the mark that was seen.

Each claim is a line of fields k-<name>-<line>-<letter>: m measure, o occasion, d day, p proof, f file. A line with x is
struck out. A line with s stands for what an earlier stage claimed, and only says something with t, the tick.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from assessments.claims import TypedClaim
from assessments.results import Content
from assessments.sentences import YES, unclaimed
from assessments.services.typed import Typed
from rubrics.models import BaseRule, MeasureRole
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points

CLAIM = re.compile(r"(\d{1,3})-([modpfxst])", re.ASCII)


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
        claims=_claims(data, f"k-{name}-"),
    )


def _claims(data: Mapping[str, str], prefix: str) -> tuple[TypedClaim, ...] | None:
    """The claims in the order of their lines; None where the form shows none."""
    lines: dict[int, dict[str, str]] = defaultdict(dict)
    for name in data:
        found = CLAIM.fullmatch(name, len(prefix)) if name.startswith(prefix) else None
        if found:
            lines[int(found[1])][found[2]] = data[name]
    if not lines:
        return None
    said = [line for _number, line in sorted(lines.items()) if "x" not in line and ("s" not in line or "t" in line)]
    return tuple(TypedClaim(*(line.get(letter, "") for letter in "modpf")) for line in said)


def claim_fields(key: str, number: int, claim: TypedClaim) -> dict[str, str]:
    """The fields of one line."""
    values = (claim.measure, claim.occasion, claim.day, claim.proof, claim.file)
    return {f"k-{key}-{number}-{letter}": value for letter, value in zip("modpf", values, strict=True)}


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def as_typed(row: Row, content: Content, version: int) -> Typed:
    """What somebody types who leaves everything as it stands, claims by saying nothing of them."""
    counts = {key: format_points(quantity) for key, quantity in unclaimed(row, content.counts).items()}
    points = format_points(content.points)
    return Typed(row.key, points, counts, content.not_applicable, content.reason, content.remark, version)


def fields_of(row: Row, typed: Typed) -> dict[str, str]:
    """The fields that say it: `typed_in(fields_of(row, typed), [row])` comes to the same."""
    key, levels = row.key, levels_of(row)
    found = {f"v-{key}": str(typed.version), f"p-{key}": typed.points, f"r-{key}": typed.remark}
    for measure in (one for one in row.measures if one not in row.claims):
        if measure.key not in levels:
            found[f"c-{key}-{measure.key}"] = typed.counts.get(measure.key, "")
        elif typed.counts.get(measure.key) == YES:
            found[f"l-{key}"] = measure.key
    if typed.not_applicable:
        found |= {f"na-{key}": "on", f"why-{key}": typed.reason}
    if typed.claims is not None:
        found[f"k-{key}-0-x"] = "on"  # that there are none is said, too
        for number, claim in enumerate(typed.claims, start=1):
            found |= claim_fields(key, number, claim)
    return {name: text for name, text in found.items() if text}


def levels_of(row: Row) -> frozenset[str]:
    """Keys of the measures of which exactly one holds."""
    if row.rule != BaseRule.LEVELS:
        return frozenset()
    return frozenset(one.key for one in row.measures if one.role == MeasureRole.BASE)
