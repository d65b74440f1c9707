"""By which rules a cycle is graded. They stand still once anything was published by them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.grading import rules_in_words
from assessments.models import Cycle, DayCount, QuotaBase, ToleranceAsks
from assessments.permissions import may_manage_cycle
from assessments.services import cycle_log
from assessments.services.locking import locked_cycle
from assessments.services.refusals import Forbidden, Refused, WrongState
from orgs.models import User

MOST_POINTS = 9999
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be said of a cycle's grading, named as the columns of `Cycle`."""

    quota_share: Decimal | None
    quota_base: str
    quota_per_kind: bool
    item_tolerance: Decimal | None
    total_tolerance: Decimal | None
    tolerance_asks: str
    notice_days: int
    notice_count: str
    recheck_days: int
    recheck_count: str

    @classmethod
    def of(cls, cycle: Cycle) -> Rules:
        return cls(**{field.name: getattr(cycle, field.name) for field in fields(cls)})


@transaction.atomic
def change_rules(by: User, cycle: Cycle, rules: Rules) -> list[str]:
    """Sets the rules of grading of a cycle that has published nothing yet; which sentences are new.

    Administrators of the deciding union or above it do that, as they open the cycle. Raises Forbidden, WrongState once
    there is a snapshot or the cycle is closed, Refused where a value is out of bounds.
    """
    cycle = locked_cycle(cycle.pk)
    if not may_manage_cycle(by, cycle):
        raise Forbidden(_("Only administrators of the deciding union change its cycles."))
    if cycle.closed_at or cycle.snapshots.exists():
        raise WrongState(_("The results have been published by these rules, so they can't be changed any more."))
    _check(rules)
    before = rules_in_words(cycle)
    cycle_log.change(by, cycle, asdict(rules))
    return [sentence for sentence in rules_in_words(cycle) if sentence not in before]


def _check(rules: Rules) -> None:
    if rules.quota_share is not None and not 0 < rules.quota_share <= 1:
        raise Refused(_("A quota is a share of more than 0 % and at most 100 %."))
    for points in (rules.item_tolerance, rules.total_tolerance):
        if points is not None and not 0 <= points <= MOST_POINTS:
            raise Refused(_("A tolerance is 0 points or more."))
    if not all(1 <= days <= MOST_DAYS for days in (rules.notice_days, rules.recheck_days)):
        raise Refused(_("Days are counted from 1 to %(most)d.") % {"most": MOST_DAYS})
    known = (
        rules.quota_base in QuotaBase.values,
        rules.tolerance_asks in ToleranceAsks.values,
        {rules.notice_count, rules.recheck_count} <= set(DayCount.values),
    )
    if not all(known):
        raise Refused(_("Please choose one of the answers."))
