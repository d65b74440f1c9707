"""Where a draft came from, and what a person has to look at before it is published."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from rubrics.models.item import Item
from rubrics.models.rubric import Document, Rubric


def source_path(_source: Source, _name: str) -> str:
    """Stored under a random key: an uploaded name never becomes a path."""
    return f"rubrics/{uuid4().hex}"


class Source(models.Model):
    """The file that a document's drafts were read from, kept as it was uploaded.

    tables  what was read of it: `rubrics.importers.grids.Table` values as JSON, so that the original can be shown
            beside the draft without opening the file again
    skipped  printed lines that were taken for layout (repeated headings, page numbers) and left out, as texts
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="sources")
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=source_path)
    tables = models.JSONField(default=list)
    skipped = models.JSONField(default=list)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("source file")
        verbose_name_plural = _("source files")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Doubt(models.Model):
    """Something that the importer could not decide, beside the row that raised it.

    code    a `rubrics.importers.doubts.Code`; with `facts` it gives the sentence in the reader's language
    facts   what the sentence needs, plain JSON (texts and numbers as text)
    options  what may be done about it, the proposed one first: codes that `rubrics.importers.doubts` explains
    chosen  the option a person settled it with; blank while it is open
    item    the row it is about; None: the whole rubric (or a section, named in facts)
    """

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="doubts")
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="doubts")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    options = models.JSONField(default=list)
    chosen = models.CharField(max_length=30, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("doubt")
        verbose_name_plural = _("doubts")
        ordering = ("position", "pk")
        constraints = (
            CheckConstraint(
                condition=Q(chosen="", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(chosen="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="doubt_settled_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rubric} · {self.code}"


class Edit(models.Model):
    """One change of a draft: who, when, what. The last ones can be taken back.

    what    a `rubrics.drafting.history.What`
    place   the row or section that it changed, in its own words; blank: the whole rubric
    before  the draft as it was (`rubrics.drafting.history.State` as JSON); None: too long ago to be taken back
    """

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="edits")
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    place = models.CharField(max_length=60, blank=True)
    before = models.JSONField(null=True)

    class Meta:
        verbose_name = _("change of a draft")
        verbose_name_plural = _("changes of drafts")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.rubric} · {self.what}"
