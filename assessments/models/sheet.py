from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment, Step
from assessments.workflow import Stage
from orgs.models import Department, User
from rubrics.models import Item, Measure

REMARK_LENGTH = 2000


class Sheet(models.Model):
    """评分表 of one stage. The sums are the kernel's, recomputed with every saved mark; nobody else computes them.

    base        base points; the mean of several scorers has four decimals
    bonus       what bonuses and penalties make of it together; below 0 where they take more than they give
    points      the official total of this sheet, None while nothing is marked
    band_rank   the band of the total, as far as no gate bars it
    scored, required   items with a mark, and items that need one
    closed_at   when its stage last ended; None while it is open
    reopened_by  the send-back or reopening that opened it again: with the items that it names, if it names any
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="sheets")
    stage = models.CharField(_("stage"), max_length=6, choices=Stage)
    base = models.DecimalField(_("base points"), max_digits=10, decimal_places=4, default=Decimal(0))
    bonus = models.DecimalField(_("bonus"), max_digits=8, decimal_places=2, default=Decimal(0))
    applicable = models.DecimalField(_("applicable points"), max_digits=8, decimal_places=2, default=Decimal(0))
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=4, null=True, blank=True)
    band_rank = models.PositiveSmallIntegerField(_("band"), null=True, blank=True)
    scored = models.PositiveSmallIntegerField(_("marked items"), default=0)
    required = models.PositiveSmallIntegerField(_("items to mark"), default=0)
    saved_at = models.DateTimeField(_("last saved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopened_by = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        constraints = (
            UniqueConstraint(fields=("assessment", "stage"), name="sheet_once_per_stage"),
            CheckConstraint(condition=Q(stage__in=Stage.values), name="sheet_stage_known"),
        )

    def __str__(self) -> str:
        return f"{self.assessment} · {self.get_stage_display()}"


class Mark(models.Model):
    """得分: what a stage says on one item. Blank points are not zero.

    points   given by a person on judged items; None on items that a rule computes from `Count` rows
    earned   what the kernel makes of it, by which organisations are compared on the item (`ItemScore.earned`)
    reason   why the item does not apply; stands exactly when not_applicable does
    version  counts the saves, for refusing a save that overlooked another
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="marks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    earned = models.DecimalField(_("points that count"), max_digits=10, decimal_places=4, null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    reason = models.CharField(_("why it does not apply"), max_length=500, blank=True)
    remark = models.CharField(_("remark"), max_length=REMARK_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = (
            UniqueConstraint(fields=("sheet", "item"), name="mark_once_per_item"),
            CheckConstraint(condition=Q(points__isnull=True) | Q(points__gte=0), name="mark_points_not_negative"),
            CheckConstraint(
                condition=Q(not_applicable=False, reason="")
                | (Q(not_applicable=True, points__isnull=True) & ~Q(reason="")),
                name="mark_not_applicable_has_reason_and_no_points",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet} · {self.item.key}"


class Count(models.Model):
    """How often or how much of a measure a mark reports: absences, contracts, yuan, or the points of a part."""

    mark = models.ForeignKey(Mark, models.CASCADE, related_name="counts")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = (
            UniqueConstraint(fields=("mark", "measure"), name="count_once_per_measure"),
            CheckConstraint(condition=Q(quantity__gte=0), name="count_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.measure}: {self.quantity}"


class MarkRevision(models.Model):
    """Every save of a mark, append-only: what it said, who and when.

    counts  spelled out: '缺席 2次；…', '有制度 是；…', '良好'
    claims  spelled out, one a line: '在辽宁省交流：全省街道工会工作会议，2025-06-18（辽工发〔2025〕12号）'
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="revisions")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    counts = models.TextField(_("counts"), blank=True)
    claims = models.TextField(_("claims"), blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    reason = models.CharField(_("why it does not apply"), max_length=500, blank=True)
    remark = models.CharField(_("remark"), max_length=REMARK_LENGTH, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("revision of a mark")
        verbose_name_plural = _("revisions of marks")
        ordering = ("pk",)
        constraints = (UniqueConstraint(fields=("sheet", "item", "version"), name="mark_revision_unique"),)

    def __str__(self) -> str:
        return f"{self.sheet} · {self.item_id} · {self.version}"


class Signoff(models.Model):
    """A department's word that its items of an assess sheet are finished. A send-back of any of them takes it away."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="signoffs")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = (UniqueConstraint(fields=("sheet", "department"), name="signoff_once_per_department"),)

    def __str__(self) -> str:
        return f"{self.sheet} · {self.department}"
