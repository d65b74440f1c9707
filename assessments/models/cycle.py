from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from orgs.models import LogLine, Organization, OrganizationKind, User
from rubrics.models import Document, Rubric, TotalPolicy


class QuotaBase(models.TextChoices):
    """Of how many organisations the quota is a share (domain.md I4)."""

    FINAL = "final", _("Organisations with a final result")
    ALL = "all", _("All organisations of the cycle")


class ToleranceAsks(models.TextChoices):
    """What stages that are too far apart need before the later one can end."""

    REASON = "reason", _("A reason")
    THIRD_OPINION = "third_opinion", _("The opinion of a third person")


class DayCount(models.TextChoices):
    CALENDAR = "calendar", _("Calendar days")
    WORKING = "working", _("Working days")


class Superior(models.TextChoices):
    """Which superior assesses an organisation that has two (双重领导)."""

    TERRITORIAL = "territorial", _("The territorial union")
    INDUSTRIAL = "industrial", _("The industrial union")


class Cycle(models.Model):
    """考核活动: one yearly round of assessment, by one union (owner) for one branch of the tree.

    A deadline is a day in Asia/Shanghai that belongs to the stage to its last second.

    quota_share   how much of the quota's base may hold the best band: 0.2 is 20 %; None: no quota. Taken from the
                  rubrics' best band when the cycle opens
    quota_per_kind  whether each kind of organisation has seats of its own
    item_tolerance, total_tolerance  how many points two stages may be apart; None: any
    notice_days   how long a result is on public notice; recheck_days: how long an objection may take
    closed_at     when the last notice was over and nothing open; from then on only a revisit touches an assessment
    """

    name = models.CharField(_("name"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    owner = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("deciding union"), related_name="cycles")
    branch = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("branch"), related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="+")
    self_deadline = models.DateField(_("self-score deadline"))
    assess_deadline = models.DateField(_("assessment deadline"))
    review_deadline = models.DateField(_("review deadline"), null=True, blank=True)
    superior = models.CharField(
        _("who assesses organisations with two superiors"),
        max_length=11,
        choices=Superior,
        default=Superior.TERRITORIAL,
    )
    quota_share = models.DecimalField(
        _("quota of the best band"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    quota_base = models.CharField(_("base of the quota"), max_length=5, choices=QuotaBase, default=QuotaBase.FINAL)
    quota_per_kind = models.BooleanField(_("seats for each kind of organisation"), default=False)
    item_tolerance = models.DecimalField(
        _("tolerance of an item"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    total_tolerance = models.DecimalField(
        _("tolerance of the total"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    tolerance_asks = models.CharField(
        _("beyond the tolerance"), max_length=13, choices=ToleranceAsks, default=ToleranceAsks.REASON
    )
    notice_days = models.PositiveSmallIntegerField(_("days of public notice"), default=10)
    notice_count = models.CharField(_("counted as"), max_length=8, choices=DayCount, default=DayCount.CALENDAR)
    recheck_days = models.PositiveSmallIntegerField(_("days for settling an objection"), default=10)
    recheck_count = models.CharField(_("counted as"), max_length=8, choices=DayCount, default=DayCount.CALENDAR)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("opened by"), related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ("-year", "-pk")
        constraints = (
            UniqueConstraint(fields=("owner", "name"), name="cycle_name_unique_in_owner"),
            CheckConstraint(
                condition=Q(assess_deadline__gte=models.F("self_deadline"))
                & (Q(review_deadline__isnull=True) | Q(review_deadline__gte=models.F("assess_deadline"))),
                name="cycle_deadlines_in_order",
            ),
            CheckConstraint(
                condition=Q(quota_share__isnull=True) | Q(quota_share__gt=0, quota_share__lte=1),
                name="cycle_quota_is_a_share",
            ),
            CheckConstraint(
                condition=Q(notice_days__gte=1, notice_days__lte=90, recheck_days__gte=1, recheck_days__lte=90),
                name="cycle_days_in_range",
            ),
            CheckConstraint(
                condition=Q(
                    superior__in=Superior.values,
                    quota_base__in=QuotaBase.values,
                    tolerance_asks__in=ToleranceAsks.values,
                    notice_count__in=DayCount.values,
                    recheck_count__in=DayCount.values,
                ),
                name="cycle_choices_known",
            ),
            CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="cycle_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CycleKind(models.Model):
    """Which rubric a kind gets in a cycle, and how its total is read. Without one the kind is left out on purpose."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="kinds")
    kind = models.ForeignKey(OrganizationKind, models.PROTECT, related_name="+")
    rubric = models.ForeignKey(Rubric, models.PROTECT, null=True, blank=True, related_name="cycle_kinds")
    total_policy = models.CharField(_("total policy"), max_length=12, choices=TotalPolicy, blank=True)

    class Meta:
        verbose_name = _("rubric of a kind")
        verbose_name_plural = _("rubrics of kinds")
        ordering = ("kind__position",)
        constraints = (
            UniqueConstraint(fields=("cycle", "kind"), name="cycle_kind_unique"),
            CheckConstraint(
                condition=Q(rubric__isnull=True, total_policy="")
                | Q(rubric__isnull=False, total_policy__in=TotalPolicy.values),
                name="cycle_kind_policy_iff_rubric",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle} · {self.kind}"


CHANGEABLE = (
    *("self_deadline", "assess_deadline", "review_deadline"),
    *("quota_share", "quota_base", "quota_per_kind"),
    *("item_tolerance", "total_tolerance", "tolerance_asks"),
    *("notice_days", "notice_count", "recheck_days", "recheck_count"),
)
"""What may change after a cycle was opened, named as its columns: deadlines and rules of grading."""


class CycleChange(LogLine):
    """Who changed which rule or deadline of an open cycle, from what to what.

    old, new   as data, not in words: a day as 2026-12-31, a share as 0.2, a choice as its code; empty: nothing was set
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="changes", editable=False)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+", editable=False)
    field = models.CharField(_("field"), max_length=20, editable=False)
    old = models.CharField(_("before"), max_length=30, blank=True, editable=False)
    new = models.CharField(_("after"), max_length=30, blank=True, editable=False)

    class Meta(LogLine.Meta):
        verbose_name = _("change of a cycle")
        verbose_name_plural = _("changes of cycles")
        constraints = (
            CheckConstraint(condition=Q(field__in=CHANGEABLE), name="cycle_change_field_known"),
            CheckConstraint(condition=~Q(old=models.F("new")), name="cycle_change_changes"),
        )

    def __str__(self) -> str:
        return f"{self.cycle} · {self.field}"
