from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BaseConstraint, CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.models.cycle import Cycle
from orgs.models import OrganizationKind
from rubrics.models import Section

KEY = ("cycle", "what", "kind", "of", "branch", "points", "band")
"""What a tally counts apart; a page asks for a cycle's, of one sort, mostly of one kind."""

COLUMNS = ("cycle_id", "what", "kind_id", *KEY[3:])
"""The same in the table."""


class SectionResult(models.Model):
    """What a section of the official sheet came to (`Total.points_in`), while the assessment has a final result.

    applicable  the section's points within reach of the organisation
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="section_results")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    points = models.DecimalField(_("points"), max_digits=10, decimal_places=4)
    applicable = models.DecimalField(_("applicable points"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("result in a section")
        verbose_name_plural = _("results in sections")
        constraints = (UniqueConstraint(fields=("assessment", "section"), name="section_result_once"),)
        indexes = (models.Index(fields=("section", "-points", "assessment"), name="section_result_by_points"),)

    def __str__(self) -> str:
        return f"{self.assessment} · {self.section}"


class What(models.TextChoices):
    """What a tally counts: assessments, or those of them that have a final result, by what they came to."""

    ALL = "all", _("assessments")
    TOTAL = "total", _("totals")
    SECTION = "section", _("sections")
    ITEM = "item", _("items")


class Counted(models.Model):
    """So many assessments of a cycle, kind and branch with the same points.

    branch   as `Assessment.branch` has it
    of       key of the section or item; 0 for assessments and totals
    points   0 where assessments are counted
    band     rank of the band of a total, 0 for none
    """

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="+")
    kind = models.ForeignKey(OrganizationKind, models.PROTECT, related_name="+")
    branch = models.CharField(max_length=180)
    what = models.CharField(max_length=7, choices=What)
    of = models.BigIntegerField(default=0)
    points = models.DecimalField(_("points"), max_digits=10, decimal_places=4, default=0)
    band = models.PositiveSmallIntegerField(_("band"), default=0)
    count = models.BigIntegerField(_("number"))

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[BaseConstraint, ...]] = (
            CheckConstraint(condition=Q(what__in=What.values), name="%(class)s_what_known"),
        )

    def __str__(self) -> str:
        return f"{self.cycle}: {self.count} × {self.get_what_display()} {self.points:f}"


class Tally(Counted):
    """The roll-up of a cycle's results. What is true is its sum with the changes that are not yet folded into it."""

    class Meta(Counted.Meta):
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints: ClassVar[tuple[BaseConstraint, ...]] = (
            *Counted.Meta.constraints,
            UniqueConstraint(fields=KEY, name="tally_once"),
        )


class TallyChange(Counted):
    """One result that came (1) or went (-1). Only added and folded, so writers never wait for one another."""

    class Meta(Counted.Meta):
        verbose_name = _("change of a tally")
        verbose_name_plural = _("changes of tallies")
        indexes = (models.Index(fields=("cycle", "what"), name="tally_change_by_cycle"),)
