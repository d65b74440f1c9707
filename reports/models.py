"""Files that are made in the background: what was asked for, how far it is, and until when it is kept."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Snapshot
from orgs.models import Organization, User


class ExportState(models.TextChoices):
    """WAITING: no worker has begun. DONE: the file can be fetched. FAILED: the sentence says why."""

    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Deleted after its time")


ACTIVE = (ExportState.WAITING, ExportState.RUNNING)


class Export(models.Model):
    """A file that is made for one person, part by part. Nobody else sees it, and it is deleted after a while.

    Or for all who may read one page: then it is nobody's, stands in no list of files, and its page hands it out.

    key       of its folder: what somebody asked for never becomes a path (`reports.exports.files`)
    kind      which of `reports.exports.registry.SPECS` makes it
    asked     what it shall hold, plain JSON, as the spec's form gave it
    said      a digest of what is in it, if it is for all who read a page: another content is another file
    seat      the organisation that the person acted for; None: all of theirs. Every part asks their rights again
    name, ending  of the file as it is fetched
    total     how many units (cards, rows) the parts hold together
    sentence  why it failed, in the words shown to the person
    started_at  when the first worker began, since the last order
    expires_at  until when the file, or what there is of one that failed or was cancelled, is kept
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="exports")
    seat = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    asked = models.JSONField(default=dict)
    said = models.CharField(max_length=64, blank=True)
    name = models.CharField(_("file name"), max_length=300)
    ending = models.CharField(max_length=4)
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.WAITING)
    total = models.PositiveIntegerField(default=0)
    sentence = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-pk",)
        constraints = (
            CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            CheckConstraint(
                condition=Q(state__in=[*ACTIVE, ExportState.EXPIRED]) | Q(expires_at__isnull=False),
                name="export_ended_expires",
            ),
            CheckConstraint(
                condition=Q(by__isnull=False, said="") | (Q(by__isnull=True) & ~Q(said="")),
                name="export_of_somebody_or_said",
            ),
            UniqueConstraint(fields=("kind", "said"), condition=~Q(said=""), name="export_said_once"),
        )
        indexes = (
            models.Index(fields=("by", "-id"), name="export_by_person"),
            models.Index(fields=("state", "expires_at"), name="export_by_expiry"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def shown_state(self) -> ExportState:
        """What a person is told: past its time a file is gone, whether or not the daily job has come to it."""
        if not self.active and self.expires_at is not None and self.expires_at <= timezone.now():
            return ExportState.EXPIRED
        return ExportState(self.state)


class ExportPart(models.Model):
    """A part that one worker makes in well under a minute; done when its file lies whole in its place.

    units      keys of what it holds, in order
    count      how many they are
    handed_at  when it was handed to the workers; parts are handed out by and by, so that others get their turn
    """

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    units = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    handed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("part of an export")
        verbose_name_plural = _("parts of exports")
        ordering = ("number",)
        constraints = (UniqueConstraint(fields=("export", "number"), name="export_part_once"),)

    def __str__(self) -> str:
        return f"{self.export} {self.number}"


class OfficialReport(models.Model):
    """What somebody wrote for the official report of published results: everything else in it follows from these.

    version  counts the saves: who overlooked another's is told so
    """

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="official_report")
    title = models.CharField(_("title"), max_length=120)
    addressee = models.CharField(_("to"), max_length=120, blank=True)
    opening = models.TextField(_("opening"), max_length=4000, blank=True)
    closing = models.TextField(_("next steps"), max_length=8000, blank=True)
    issuer = models.CharField(_("signed"), max_length=120)
    day = models.DateField(_("date"))
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("official report")
        verbose_name_plural = _("official reports")

    def __str__(self) -> str:
        return self.title
