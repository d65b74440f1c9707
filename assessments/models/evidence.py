from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.sheet import Sheet
from orgs.models import User
from rubrics.models import Item


def storage_key(_kept: StoredFile, _name: str) -> str:
    """A random key: nothing of the uploaded name reaches the file system."""
    key = secrets.token_hex(20)
    return f"evidence/{key[:2]}/{key}"


class StoredFile(models.Model):
    """A file that somebody showed: kept as it came, under a key that says nothing of it."""

    file = models.FileField(upload_to=storage_key, max_length=100)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Evidence(StoredFile):
    """佐证材料: a file that a stage shows for an item. Removing keeps row and file for who reads the log."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="evidence")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta(StoredFile.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
