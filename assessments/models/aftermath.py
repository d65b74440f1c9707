"""What follows from published results: consequences, make-up tasks, coverage over years, the report to the superior."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Step
from assessments.models.cycle import Cycle
from assessments.models.evidence import StoredFile
from assessments.models.publication import SnapshotRow
from orgs.models import Organization, User


class ConsequenceKind(models.TextChoices):
    """Guyuan's plan, 4.5: 必须补课，并取消经费支持、职工帮扶、评先选优指标; and the loss of a star after a revisit."""

    MAKE_UP = "make_up", _("Make-up task")
    FUNDING = "funding", _("No financial support")
    AID = "aid", _("No quota of aid for workers")
    HONOURS = "honours", _("No candidate for honours")
    REVOCATION = "revocation", _("The star is revoked")


class ConsequenceState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Not applied")


class Consequence(models.Model):
    """What a published result would entail. Proposed by rule; it takes effect when a person confirms it.

    rank     of a revocation: the band that is left; None: none, or a rubric without bands
    revisit  of a revocation: the step that ended the review which did not bear the published result out
    """

    row = models.ForeignKey(SnapshotRow, models.PROTECT, related_name="consequences")
    kind = models.CharField(_("consequence"), max_length=10, choices=ConsequenceKind)
    ground = models.CharField(_("ground"), max_length=500)
    rank = models.PositiveSmallIntegerField(_("remaining band"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=ConsequenceState, default=ConsequenceState.PROPOSED)
    revisit = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        ordering = ("pk",)
        constraints = (
            UniqueConstraint(fields=("row", "kind"), condition=~Q(kind="revocation"), name="consequence_once"),
            UniqueConstraint(fields=("revisit",), name="consequence_one_revocation_a_revisit"),
            CheckConstraint(
                condition=Q(kind="revocation", revisit__isnull=False)
                | (~Q(kind="revocation") & Q(revisit__isnull=True, rank__isnull=True)),
                name="consequence_revocation_has_revisit",
            ),
            CheckConstraint(
                condition=~Q(kind="revocation", state="confirmed") | ~Q(decided_by=models.F("proposed_by")),
                name="consequence_revocation_by_two_persons",
            ),
            CheckConstraint(condition=Q(kind__in=ConsequenceKind.values), name="consequence_kind_known"),
            CheckConstraint(condition=Q(state__in=ConsequenceState.values), name="consequence_state_known"),
            CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="consequence_decided_by_a_person",
            ),
            CheckConstraint(condition=~Q(state="dropped", reason=""), name="consequence_dropped_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.row}: {self.get_kind_display()}"


class MakeUpState(models.TextChoices):
    SET = "set", _("To be done")
    REPORTED = "reported", _("Reported as done")
    PASSED = "passed", _("Inspected: passed")
    FAILED = "failed", _("Inspected: not passed")


class MakeUp(models.Model):
    """补课: what an organisation that did not qualify has to make up, by when, and the inspection after it.

    One row is one attempt; what did not pass is set again as the next number, so that every attempt stays as it was.
    """

    consequence = models.ForeignKey(Consequence, models.PROTECT, related_name="make_ups")
    number = models.PositiveSmallIntegerField(default=1)
    task = models.TextField(_("task"), max_length=2000)
    due_on = models.DateField(_("due on"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set at"))
    state = models.CharField(_("state"), max_length=8, choices=MakeUpState, default=MakeUpState.SET)
    report = models.TextField(_("report"), max_length=2000, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=1000, blank=True)
    inspected_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    inspected_at = models.DateTimeField(_("inspected at"), null=True, blank=True)

    class Meta:
        verbose_name = _("make-up task")
        verbose_name_plural = _("make-up tasks")
        ordering = ("consequence", "-number")
        constraints = (
            UniqueConstraint(fields=("consequence", "number"), name="make_up_number_unique"),
            CheckConstraint(condition=Q(state__in=MakeUpState.values), name="make_up_state_known"),
            CheckConstraint(
                condition=Q(state="set", reported_by__isnull=True)
                | (~Q(state="set") & Q(reported_by__isnull=False) & ~Q(report="")),
                name="make_up_reported_by_somebody",
            ),
            CheckConstraint(
                condition=Q(state__in=("set", "reported"), inspected_by__isnull=True)
                | (Q(state__in=("passed", "failed"), inspected_by__isnull=False) & ~Q(finding="")),
                name="make_up_inspected_has_finding",
            ),
        )

    def __str__(self) -> str:
        return f"{self.consequence.row.name} · {self.due_on}"


class MakeUpFile(StoredFile):
    """A paper or photo that shows what was made up; it comes with the report and stays with it."""

    make_up = models.ForeignKey(MakeUp, models.PROTECT, related_name="files")

    class Meta(StoredFile.Meta):
        verbose_name = _("file of a make-up report")
        verbose_name_plural = _("files of make-up reports")


class CoverageTarget(models.Model):
    """How much of a union's branch must have been assessed by the end of a year: 0.3, 0.7, 1 (Guyuan 4.2)."""

    owner = models.ForeignKey(Organization, models.CASCADE, related_name="coverage_targets")
    year = models.PositiveSmallIntegerField(_("year"))
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=4)

    class Meta:
        verbose_name = _("coverage target")
        verbose_name_plural = _("coverage targets")
        ordering = ("year",)
        constraints = (
            UniqueConstraint(fields=("owner", "year"), name="coverage_target_once_a_year"),
            CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="coverage_target_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.owner} {self.year}"


class YearReport(models.Model):
    """总结上报: a union's yearly report on a cycle to the union that opened it, electronic and on stamped paper.

    due_words     the deadline as the document prints it ("2月30日"); `due_on` the day that it means
    figures       what stood at hand-in, frozen
    returned_for  why it was handed back to be handed in again
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reports")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("reporting union"), related_name="year_reports"
    )
    due_words = models.CharField(_("deadline as printed"), max_length=30)
    due_on = models.DateField(_("deadline"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"))
    text = models.TextField(_("report"), max_length=20_000, blank=True)
    figures = models.JSONField(default=dict)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    returned_for = models.CharField(_("handed back because"), max_length=500, blank=True)
    paper_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    paper_on = models.DateField(_("stamped paper received on"), null=True, blank=True)

    class Meta:
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        ordering = ("due_on", "organization__path")
        constraints = (
            UniqueConstraint(fields=("cycle", "organization"), name="year_report_once"),
            CheckConstraint(
                condition=Q(handed_in_at__isnull=True, handed_in_by__isnull=True, paper_on__isnull=True)
                | (Q(handed_in_at__isnull=False, handed_in_by__isnull=False) & ~Q(text="")),
                name="year_report_handed_in_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} · {self.cycle}"
