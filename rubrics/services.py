"""What may happen to a rubric, and what a person should know before using one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rubrics import faults, overlays
from rubrics.blueprint import read
from rubrics.convert import to_kernel
from rubrics.models import BonusRule, Rubric
from rubrics.rows import Row, rows
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import RubricError

ALIKE = 0.42
"""Share of common pairs of characters (Dice) from which two wordings are alike; set by those of domain.md I15."""

CONDITION = re.compile(r"公司制企业|具备[^，。；]{0,6}条件的|(?:符合|有)条件的|人以上的")
"""Wording by which a document limits a row to some of the organisations it addresses."""

ENDLESS = (BonusRule.ADD_PER_UNIT, BonusRule.HIGHEST_LEVEL)
"""What adds to the total without an end, where neither a cap nor a common limit ends it."""


@transaction.atomic
def freeze(rubric: Rubric) -> Rubric:
    """Fix a rubric for good, because it is published or a cycle begins to use it. Again, it changes nothing.

    The totals of an overlay are set first: its base's and the points of its own items.

    Raises scoring.rubric.RubricError, naming the row, where its rows contradict each other.
    """
    stored = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if stored.frozen_at is None:
        _settle(stored)
        to_kernel(stored)
        stored.frozen_at = timezone.now()
        Rubric.objects.filter(pk=stored.pk).update(frozen_at=stored.frozen_at)
    for name in ("frozen_at", "declared_total", "printed_total"):
        setattr(rubric, name, getattr(stored, name))
    return rubric


def _settle(rubric: Rubric) -> None:
    if rubric.overlays is not None:
        settled = overlays.with_totals(read(rubric), read(rubric.overlays))
        rubric.declared_total, rubric.printed_total = settled.declared_total, settled.printed_total
        rubric.save(update_fields=("declared_total", "printed_total"))


class CheckCode(StrEnum):
    CONTRADICTION = "contradiction"  # the kernel refuses the rubric
    NO_AUDIENCE = "no_audience"  # it addresses nobody
    OVERLAY = "overlay"  # it changes what it builds upon, or adds more than that leaves to it
    TOTAL = "total"  # its items do not add up to what the document declares
    SECTION = "section"  # a section's items do not add up to its label
    REACHABLE = "reachable"  # a kind can't reach the whole
    UNCAPPED = "uncapped"  # a bonus without an upper limit
    ALIKE = "alike"  # two wordings ask for nearly the same
    CONDITIONAL = "conditional"  # the wording limits itself to some organisations


STOPS = frozenset({CheckCode.CONTRADICTION, CheckCode.NO_AUDIENCE, CheckCode.OVERLAY})
"""What keeps a draft from being published. Everything else is a person's to know and decide."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something in a rubric that a person should know; never a reason to change its wording. `items` are keys."""

    code: CheckCode
    sentence: str
    items: tuple[str, ...] = ()


def checks(rubric: Rubric, lines: tuple[Row, ...] | None = None) -> list[Check]:
    """What the register of defects (domain.md 2) finds in a rubric, gravest first.

    lines  the rubric's rows, if they have been read already
    """
    lines = rows(rubric) if lines is None else lines
    return [
        *_contradiction(rubric),
        *_no_audience(rubric),
        *_overlay(rubric),
        *_total(rubric, lines),
        *_sections(lines),
        *_reachable(rubric, lines),
        *_uncapped(lines),
        *_alike(lines),
        *_conditional(lines),
    ]


def _contradiction(rubric: Rubric) -> Iterator[Check]:
    try:
        to_kernel(rubric)
    except RubricError as error:
        yield Check(
            CheckCode.CONTRADICTION,
            _("The rows contradict each other, so that nobody can be scored: %(reason)s")
            % {"reason": faults.in_words(error)},
            (error.item,) if error.item else (),
        )


def _no_audience(rubric: Rubric) -> Iterator[Check]:
    if not rubric.audiences.all():
        yield Check(CheckCode.NO_AUDIENCE, _("It names no kind of organisation."))


def _overlay(rubric: Rubric) -> Iterator[Check]:
    if rubric.overlays is None:
        return
    mine, base = read(rubric), rubric.overlays
    terms = {"base": base, "left": format_points(base.overlay_points or Decimal(0))}
    if not overlays.is_faithful(mine, read(base)):
        yield Check(CheckCode.OVERLAY, _("Its sections from “%(base)s” are not as they are there.") % terms)
    added = overlays.most_added(mine)
    if added is None:
        yield Check(
            CheckCode.OVERLAY,
            _("A bonus among its own items has no upper limit, but “%(base)s” leaves it only %(left)s points.") % terms,
        )
    elif added > (base.overlay_points or 0):
        yield Check(
            CheckCode.OVERLAY,
            _("Its own items give up to %(added)s points, “%(base)s” leaves it %(left)s.")
            % {**terms, "added": format_points(added)},
        )


def declared_total(rubric: Rubric) -> Decimal | None:
    """What the base points should add up to; an overlay's follows from its base and its own items."""
    if rubric.overlays is None or rubric.frozen_at is not None:
        return rubric.declared_total
    return overlays.with_totals(read(rubric), read(rubric.overlays)).declared_total


def _total(rubric: Rubric, lines: tuple[Row, ...]) -> Iterator[Check]:
    total, declared = _sum(lines), declared_total(rubric)
    if declared not in {None, total}:
        yield Check(
            CheckCode.TOTAL,
            _("The items add up to %(sum)s points, the document declares %(declared)s.")
            % {"sum": format_points(total), "declared": format_points(declared)},
        )


def _sections(lines: tuple[Row, ...]) -> Iterator[Check]:
    for section in dict.fromkeys(row.section for row in lines):
        own = [row for row in lines if row.section == section]
        if own[0].section_points not in {None, _sum(own)}:
            yield Check(
                CheckCode.SECTION,
                _("%(section)s: the items add up to %(sum)s points, the label says %(label)s.")
                % {
                    "section": own[0].section_name,
                    "sum": format_points(_sum(own)),
                    "label": format_points(own[0].section_points),
                },
            )


def _reachable(rubric: Rubric, lines: tuple[Row, ...]) -> Iterator[Check]:
    total = _sum(lines)
    for audience in rubric.audiences.all():
        out = tuple(row for row in lines if row.points and not row.applies(audience.kind))
        if out:
            yield Check(
                CheckCode.REACHABLE,
                _("%(kind)s can reach %(points)s of %(total)s points; these items do not apply: %(items)s")
                % {
                    "kind": audience.label,
                    "points": format_points(total - _sum(out)),
                    "total": format_points(total),
                    "items": _list(out),
                },
                _keys(out),
            )


def _uncapped(lines: tuple[Row, ...]) -> Iterator[Check]:
    found = tuple(row for row in lines if row.bonus_rule in ENDLESS and {row.bonus_cap, row.cap_most} == {None})
    if found:
        yield Check(
            CheckCode.UNCAPPED,
            _("The document sets no upper limit to the bonus of: %(items)s") % {"items": _list(found)},
            _keys(found),
        )


def _alike(lines: tuple[Row, ...]) -> Iterator[Check]:
    for first, second in combinations(lines, 2):
        if _likeness(first.text, second.text) >= ALIKE:
            yield Check(
                CheckCode.ALIKE,
                _("Items %(first)s and %(second)s ask for nearly the same; one piece of evidence may serve both.")
                % {"first": first.key, "second": second.key},
                (first.key, second.key),
            )


def _conditional(lines: tuple[Row, ...]) -> Iterator[Check]:
    found = tuple(row for row in lines if CONDITION.search(row.text))
    if found:
        yield Check(
            CheckCode.CONDITIONAL,
            ngettext(
                "This item sets a condition; who does not meet it may state that it does not apply: %(items)s",
                "These items set a condition; who does not meet it may state that they do not apply: %(items)s",
                len(found),
            )
            % {"items": _list(found)},
            _keys(found),
        )


def _likeness(first: str, second: str) -> float:
    a, b = _pairs(first), _pairs(second)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


@lru_cache(maxsize=1024)
def _pairs(text: str) -> frozenset[str]:
    letters = re.sub(r"\W", "", text)
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def _sum(lines: tuple[Row, ...] | list[Row]) -> Decimal:
    return sum((row.points for row in lines if row.points), Decimal(0))


def _keys(lines: tuple[Row, ...]) -> tuple[str, ...]:
    return tuple(row.key for row in lines)


def _list(lines: tuple[Row, ...]) -> str:
    return _(", ").join(_keys(lines))
