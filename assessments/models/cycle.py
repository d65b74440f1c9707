from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, OrganizationKind, User
from rubrics.models import Document, Rubric, TotalPolicy


class Cycle(models.Model):
    """考核活动: one yearly round of assessment, by one union (owner) for one branch of the tree.

    A deadline is a day in Asia/Shanghai that belongs to the stage to its last second.
    """

    name = models.CharField(_("name"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    owner = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("deciding union"), related_name="cycles")
    branch = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("branch"), related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="+")
    self_deadline = models.DateField(_("self-score deadline"))
    assess_deadline = models.DateField(_("assessment deadline"))
    review_deadline = models.DateField(_("review deadline"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("opened by"), related_name="+")

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
