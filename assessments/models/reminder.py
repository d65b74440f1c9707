"""Longer deadlines for one organisation, and what the software tells people."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.workflow import Stage
from orgs.models import User


class Extension(models.Model):
    """延期: a later last day of one stage of one assessment. The newest counts; earlier ones stay to be read."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="extensions")
    stage = models.CharField(_("stage"), max_length=6, choices=Stage)
    day = models.DateField(_("new deadline"))
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=Q(stage__in=Stage.values), name="extension_stage_known"),
            CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.assessment} · {self.day}"


class Message(models.Model):
    """站内消息 to one person. `occasion` names what it is about, so that nothing is told twice."""

    to = models.ForeignKey(User, models.CASCADE, related_name="messages")
    occasion = models.CharField(max_length=120)
    text = models.CharField(_("text"), max_length=500)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-pk",)
        constraints = (UniqueConstraint(fields=("to", "occasion"), name="message_once"),)
        indexes = (models.Index(fields=("to", "read_at"), name="message_unread"),)

    def __str__(self) -> str:
        return self.text
