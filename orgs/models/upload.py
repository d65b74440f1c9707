"""A list that somebody uploaded: what it is, how its columns are read, and what each of its rows would do."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import Organization
from orgs.models.person import User


def upload_path(_upload: Upload, _name: str) -> str:
    """Stored under a random key: an uploaded name never becomes a path."""
    return f"lists/{uuid4().hex}"


class ListKind(models.TextChoices):
    ORGANIZATIONS = "organizations", _("Organisations")
    PEOPLE = "people", _("People")


class UploadState(models.TextChoices):
    """MATCHING: columns to be matched. CHECKED: the preview stands. DONE: written. FAILED: the sentence says why."""

    MATCHING = "matching", _("Columns to be matched")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    WRITING = "writing", _("Being written")
    DONE = "done", _("Written")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")


class Upload(models.Model):
    """An uploaded list on its way into the system. Nothing of it is written before `orgs.importing` confirms it whole.

    branch    the organisation whose branch the rows must lie in
    table     which sheet of the workbook, by name; blank in a text file
    columns   what each column of the file means: field name or "" by position, as matched by a person
    done, total  rows handled in the running step, for the progress bar
    figures   how many rows have each outcome, by outcome; stays when the rows are gone
    seen      how many lines the log had when the check began: more now means that the check is out of date
    sentence  why it failed, or why it was checked again, in the words shown to the person
    """

    kind = models.CharField(_("kind"), max_length=14, choices=ListKind)
    state = models.CharField(_("state"), max_length=10, choices=UploadState, default=UploadState.MATCHING)
    branch = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("branch"), related_name="uploads")
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="uploads")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=upload_path)
    format = models.CharField(max_length=5)
    encoding = models.CharField(max_length=12, blank=True)
    table = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict)
    seen = models.PositiveBigIntegerField(default=0)
    sentence = models.TextField(blank=True)

    class Meta:
        verbose_name = _("uploaded list")
        verbose_name_plural = _("uploaded lists")
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=Q(kind__in=ListKind.values), name="upload_kind_known"),
            CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known"),
        )

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """What confirming would do with a row."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    WRONG = "wrong", _("Wrong")


class UploadRow(models.Model):
    """One row of the file as the check found it.

    number    the row as the spreadsheet numbers it
    values    the row's fields in their one form, plain JSON; what the writer reads
    changes   for CHANGED: [field, old words, new words] each
    problems  for WRONG: [field or "", sentence] each
    target    key of the organisation or person it means; None: a new one
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    title = models.CharField(max_length=120, blank=True)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    target = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of a list")
        ordering = ("number",)
        indexes = (models.Index(fields=("upload", "outcome", "number"), name="upload_rows_by_outcome"),)
        constraints = (
            UniqueConstraint(fields=("upload", "number"), name="upload_row_unique"),
            CheckConstraint(condition=Q(outcome__in=Outcome.values), name="upload_row_outcome_known"),
        )

    def __str__(self) -> str:
        return f"{self.upload} {self.number}"


class KnownHeader(models.Model):
    """What a person said a heading means, so that the next list of theirs is matched by itself."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_headers")
    kind = models.CharField(max_length=14, choices=ListKind)
    heading = models.CharField(max_length=120)
    field = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = _("known heading")
        verbose_name_plural = _("known headings")
        constraints = (
            UniqueConstraint(fields=("user", "kind", "heading"), name="known_header_unique"),
            CheckConstraint(condition=Q(kind__in=ListKind.values), name="known_header_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"
