"""What a cycle has made public: snapshots that never change, their notices, and objections to them."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.guard import AppendOnly
from assessments.models.assessment import Assessment, Step
from assessments.models.cycle import Cycle, DayCount
from orgs.models import LogLine, Organization, User
from rubrics.models import Item


class Snapshot(models.Model):
    """The results of a cycle as they stood at a moment. Append-only; a correction is a later snapshot.

    reason   why there is another one; empty for the first
    rules    the cycle's rules of grading in words, as they were
    digest   SHA-256 over its rows and the digest of the snapshot before
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    rules = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ("-number",)
        constraints = (
            UniqueConstraint(fields=("cycle", "number"), name="snapshot_number_unique"),
            CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="snapshot_correction_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.cycle} · {self.number}"


class SnapshotRow(models.Model):
    """One organisation's result, spelled out, so that nothing later changes what was published.

    points, maximum   official points and what they are out of; None: withdrawn, with `withdrawn_for`
    place      rank inside its kind, equals alike
    band_*     what the points are worth; awarded_*: what was awarded; None and "": no band
    limited    qualified for the best band, limited by the quota
    explanation  lines of how it came about, as the organisation reads them
    """

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="rows")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="published")
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=240)
    path = models.CharField(max_length=180)
    kind = models.CharField(_("kind"), max_length=60)
    rubric = models.CharField(_("rubric"), max_length=300)
    assessor = models.CharField(_("assessing union"), max_length=120)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("out of"), max_digits=8, decimal_places=4, null=True, blank=True)
    self_points = models.DecimalField(_("self-score"), max_digits=8, decimal_places=4, null=True, blank=True)
    self_band = models.CharField(_("self-assessed band"), max_length=30, blank=True)
    place = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    band_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(_("band"), max_length=30, blank=True)
    awarded_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    awarded = models.CharField(_("awarded band"), max_length=30, blank=True)
    qualified = models.BooleanField(_("qualified"), null=True, blank=True)
    limited = models.BooleanField(_("limited by the quota"), default=False)
    explanation = models.JSONField(default=list)
    withdrawn_for = models.CharField(_("why it has no result"), max_length=1000, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        ordering = ("kind", "place", "sort_key", "pk")
        constraints = (
            UniqueConstraint(fields=("snapshot", "assessment"), name="snapshot_row_once"),
            CheckConstraint(
                condition=Q(awarded_rank__isnull=True) | Q(awarded_rank__lte=models.F("band_rank")),
                name="snapshot_row_awarded_at_most_the_band",
            ),
        )
        indexes = (models.Index(fields=("snapshot", "path"), name="snapshot_row_by_path"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.awarded}"


def public_key() -> str:
    """The part of a public page's address that nobody guesses before it is published."""
    return secrets.token_hex(8)


class Notice(models.Model):
    """公示: a snapshot on public notice, from the first to the last day, both included."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="notice")
    key = models.CharField(max_length=16, unique=True, default=public_key, editable=False)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000)
    issuer = models.CharField(_("issued by"), max_length=120)
    contact = models.CharField(_("where to object"), max_length=300)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    days = models.PositiveSmallIntegerField(_("days"))
    count = models.CharField(_("counted as"), max_length=8, choices=DayCount)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-starts_on", "-pk")
        constraints = (
            CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="notice_days_in_order"),
            CheckConstraint(condition=Q(count__in=DayCount.values), name="notice_count_known"),
        )

    def __str__(self) -> str:
        return self.title


class Channel(models.TextChoices):
    """How an objection came in."""

    LOGIN = "login", _("Entered by the organisation")
    VISIT = "visit", _("In person")
    LETTER = "letter", _("By letter")
    PHONE = "phone", _("By telephone")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("Registered")
    RECHECKING = "rechecking", _("Being rechecked")
    UPHELD = "upheld", _("Upheld: the result was changed")
    REJECTED = "rejected", _("Not upheld: the result stands")
    TAKEN_BACK = "taken_back", _("Taken back")


OPEN_OBJECTIONS = frozenset({ObjectionState.OPEN, ObjectionState.RECHECKING})


class Objection(models.Model):
    """异议 to one organisation's published result.

    objector, objector_contact, registered_by   known to those who handle objections, and to nobody else
    number     counts through the cycle, so that one number is one objection
    organization  the union for which its chair objects by login; None: a person in their own name. As secret as they
    statement  what is objected to, in words that do not name the objector: others read it
    items      the items in question
    received_on   the day on which it came in, within the notice's days; registered_at may be later
    due_on     the last day for settling it
    recheck    the step that opened the recheck (复查)
    points_before, points_after   the official result before the recheck and when it was settled; None: no recheck
    outcome    what is told to everybody
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(_("how it came in"), max_length=6, choices=Channel)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("objecting union"), null=True, blank=True, related_name="+"
    )
    objector = models.CharField(_("objector"), max_length=60, blank=True)
    objector_contact = models.CharField(_("how to reach the objector"), max_length=120, blank=True)
    statement = models.TextField(_("objection"), max_length=2000)
    items = models.ManyToManyField(Item, verbose_name=_("items"), blank=True, related_name="+")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(_("registered at"))
    received_on = models.DateField(_("came in on"))
    due_on = models.DateField(_("to be settled by"))
    state = models.CharField(_("state"), max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    recheck = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")
    points_before = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    points_after = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=1000, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("-pk",)
        constraints = (
            UniqueConstraint(fields=("notice", "number"), name="objection_number_unique"),
            CheckConstraint(condition=Q(channel__in=Channel.values), name="objection_channel_known"),
            CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            CheckConstraint(
                condition=Q(state__in=("open", "rechecking"), settled_at__isnull=True)
                | (Q(state__in=("upheld", "rejected", "taken_back"), settled_at__isnull=False) & ~Q(outcome="")),
                name="objection_settled_has_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment} · {self.number}"


class IdentityLook(LogLine):
    """That somebody who handles an objection looked at who objected. It does not say who that is."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="looks", editable=False)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+", editable=False)

    class Meta(LogLine.Meta):
        verbose_name = _("look at who objected")
        verbose_name_plural = _("looks at who objected")

    def __str__(self) -> str:
        return f"{self.objection} · {self.by}"
