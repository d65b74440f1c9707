"""What persons decide beside the rules: shares of a tied quota, overrides, opinions on stages that are far apart."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.models.sheet import Sheet
from orgs.models import User
from rubrics.models import Item


class RulingKind(models.TextChoices):
    SEAT = "seat", _("Gets one of the tied seats")
    OVERRIDE = "override", _("Is given another grade")
    VETO = "veto", _("Is given no grade")


class Ruling(models.Model):
    """A decision on one organisation's award, with a reason, by two persons: one proposes, another confirms.

    rank  the band that is awarded, never above the band of the points; None with a veto
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="rulings")
    kind = models.CharField(_("decision"), max_length=8, choices=RulingKind)
    rank = models.PositiveSmallIntegerField(_("awarded band"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ("pk",)
        constraints = (
            CheckConstraint(condition=Q(kind__in=RulingKind.values), name="ruling_kind_known"),
            CheckConstraint(
                condition=Q(kind="veto", rank__isnull=True) | (~Q(kind="veto") & Q(rank__isnull=False)),
                name="ruling_rank_unless_veto",
            ),
            CheckConstraint(condition=~Q(reason=""), name="ruling_has_reason"),
            CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="ruling_by_two_persons",
            ),
            UniqueConstraint(
                fields=("assessment",), condition=Q(withdrawn_at__isnull=True), name="ruling_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_kind_display()}"


class Opinion(models.Model):
    """What a third person says of a mark, or with `item` None of the total, that is far from the stage before."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="opinions")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    agrees = models.BooleanField(_("agrees with the mark"))
    text = models.CharField(_("opinion"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ("pk",)
        constraints = (CheckConstraint(condition=~Q(text=""), name="opinion_has_text"),)

    def __str__(self) -> str:
        return f"{self.sheet} · {self.item_id}"
