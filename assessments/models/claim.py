from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.evidence import Evidence
from assessments.models.sheet import Mark
from rubrics.models import Measure

OCCASION_LENGTH = 200


class Claim(models.Model):
    """One thing that a mark claims for a bonus which is claimed one by one (`Item.claimed`).

    measure   the level or kind that it is claimed at
    occasion  what happened, and where
    proof     a document's number or a like note; file: the evidence of the item that shows it, of this stage or an
              earlier one

    The mark's `Count` of a measure is how many claims name it; both are written by the same save.
    """

    mark = models.ForeignKey(Mark, models.CASCADE, related_name="claims")
    position = models.PositiveSmallIntegerField(_("position"))
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    occasion = models.CharField(_("occasion"), max_length=OCCASION_LENGTH)
    day = models.DateField(_("day"))
    proof = models.CharField(_("proof"), max_length=OCCASION_LENGTH, blank=True)
    file = models.ForeignKey(Evidence, models.RESTRICT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("mark", "position"), name="claim_position_unique"),
            CheckConstraint(condition=~Q(occasion=""), name="claim_has_occasion"),
        )

    def __str__(self) -> str:
        return f"{self.measure}: {self.occasion}"
