"""The log of reference data."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import PATH_STEP
from orgs.models.person import User


class Subject(models.TextChoices):
    """What a change in the log is about."""

    ORGANIZATION = "organization", _("Organisation")
    DEPARTMENT = "department", _("Department")
    PERSON = "person", _("Person")


FIELD_LABELS = {
    "created": _("added"),
    "removed": _("removed"),
    "name": _("name"),
    "full_name": _("full name"),
    "kind": _("kind"),
    "level": _("level"),
    "code": _("credit code"),
    "members": _("members"),
    "parent": _("superior union"),
    "industrial_union": _("industrial union"),
    "closed_on": _("closed on"),
    "merged_into": _("merged into"),
    "absorbed": _("took over"),
    "contact": _("contact person"),
    "aliases": _("other names"),
    "position": _("position"),
    "phone": _("phone number"),
    "username": _("user name"),
    "password": _("password"),
    "is_active": _("account open"),
    "post": _("post"),
    "handed_over": _("post handed over"),
    "taken_over": _("post taken over"),
}


class AppendOnly(models.QuerySet[Any]):
    def update(self, **_kwargs: object) -> int:
        raise TypeError("the log is only added to")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the log is only added to")


class LogLine(models.Model):
    """A line of a log: added in the transaction of what it tells of, and never changed."""

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        abstract = True
        ordering = ("-pk",)

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the log is only added to")
        super().save(**kwargs)

    def delete(self, **_kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        raise TypeError("the log is only added to")


class Change(LogLine):
    """One line of the log of reference data: who changed which field of what, from and to, in the words of that time.

    Written by `orgs.services` in the transaction of the change itself, and never changed. `path` is the place of the
    organisation at that time, so that the log of a branch is a range like the branch. `by` is empty where a command
    did it.
    """

    by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("by"), null=True, editable=False, related_name="changes_made"
    )
    path = models.CharField(max_length=PATH_STEP * 20, db_index=True, editable=False)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject, editable=False)
    subject_id = models.BigIntegerField(editable=False)
    name = models.CharField(_("name"), max_length=120, editable=False)
    field = models.CharField(_("field"), max_length=20, editable=False)
    old = models.TextField(_("before"), blank=True, editable=False)
    new = models.TextField(_("after"), blank=True, editable=False)

    class Meta(LogLine.Meta):
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = (models.Index(fields=("subject", "subject_id"), name="change_subject"),)
        constraints = (CheckConstraint(condition=Q(subject__in=Subject.values), name="change_subject_known"),)

    def __str__(self) -> str:
        return f"{self.name} · {self.field}"

    @property
    def field_label(self) -> str:
        return str(FIELD_LABELS.get(self.field, self.field))
