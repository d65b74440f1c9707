from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.cycle import Cycle
from assessments.workflow import Action, Stage, State
from orgs.models import Organization, OrganizationKind, User
from rubrics.models import Item, Rubric, TotalPolicy


class Assessment(models.Model):
    """One organisation assessed in one cycle. Everything but state and result is frozen when the cycle opens.

    path     copy of the organisation's path at opening: rights and branch filters do not follow later moves of the tree
    branch   path of the union right under the cycle's branch that it is counted in; the branch's own for those directly
             under it that have nobody below, empty for what stands outside
    observer the superior, of an organisation with two, that does not assess: it reads
    filled_in_by   who had a hand in the self sheet whenever it was submitted: they don't assess it
    points, band_rank, official_stage   result of the last completed stage; None before the first
    applicable  what its sheet has within reach of the organisation
    self_points, assess_points, review_points   what each completed stage came to; None before and without it
    assessed_by   who last ended the stage of assessment
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name=_("cycle"), related_name="assessments")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organisation"), related_name="assessments"
    )
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=240, editable=False)
    path = models.CharField(max_length=180, editable=False)
    branch = models.CharField(max_length=180, editable=False)
    kind = models.ForeignKey(OrganizationKind, models.PROTECT, verbose_name=_("kind"), related_name="+")
    rubric = models.ForeignKey(Rubric, models.PROTECT, verbose_name=_("rubric"), related_name="assessments")
    total_policy = models.CharField(_("total policy"), max_length=12, choices=TotalPolicy)
    stages = models.PositiveSmallIntegerField(_("number of stages"))
    assessor = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("assessing union"), related_name="assesses"
    )
    reviewer = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("reviewing union"), related_name="reviews"
    )
    observer = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("other superior"), null=True, blank=True, related_name="observes"
    )
    filled_in_by = models.ManyToManyField(User, verbose_name=_("filled in by"), blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.SELF_SCORING)
    official_stage = models.CharField(_("official stage"), max_length=6, choices=Stage, blank=True)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=4, null=True, blank=True)
    band_rank = models.PositiveSmallIntegerField(_("band"), null=True, blank=True)
    applicable = models.DecimalField(_("applicable points"), max_digits=8, decimal_places=2, null=True, blank=True)
    self_points = models.DecimalField(_("self-score"), max_digits=8, decimal_places=4, null=True, blank=True)
    assess_points = models.DecimalField(
        _("points of the assessment"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    review_points = models.DecimalField(
        _("points of the review"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    assessed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("ended the assessment"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("path", "-cycle_id")
        constraints = (
            UniqueConstraint(fields=("cycle", "organization"), name="assessment_once_per_cycle"),
            CheckConstraint(condition=Q(state__in=State.values), name="assessment_state_known"),
            CheckConstraint(condition=Q(total_policy__in=TotalPolicy.values), name="assessment_total_policy_known"),
            CheckConstraint(condition=Q(stages__in=(2, 3)), name="assessment_stages_two_or_three"),
            CheckConstraint(
                condition=Q(official_stage__in=("", *Stage.values)), name="assessment_official_stage_known"
            ),
        )
        indexes = (
            models.Index(fields=("path", "cycle"), name="assessment_by_path"),
            models.Index(fields=("organization", "state"), name="assessment_by_unit"),
            models.Index(fields=("assessor", "state", "path"), name="assessment_by_assessor"),
            models.Index(fields=("reviewer", "state", "path"), name="assessment_by_reviewer"),
            models.Index(fields=("observer", "state", "path"), name="assessment_by_observer"),
            models.Index(fields=("cycle", "state", "path"), name="assessment_by_state"),
            models.Index(
                fields=("cycle", "kind", "-points", "sort_key", "id"),
                condition=Q(state=State.FINAL),
                name="assessment_by_points",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} · {self.cycle}"


class Step(models.Model):
    """One move of an assessment: append-only. `digest` chains its steps, so a changed or lost row shows."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    action = models.CharField(_("action"), max_length=12, choices=Action)
    source = models.CharField(_("from"), max_length=12, choices=State)
    target = models.CharField(_("to"), max_length=12, choices=State)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    items = models.ManyToManyField(Item, verbose_name=_("named items"), blank=True, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("number",)
        constraints = (
            UniqueConstraint(fields=("assessment", "number"), name="step_number_unique"),
            CheckConstraint(condition=Q(action__in=Action.values), name="step_action_known"),
            CheckConstraint(condition=Q(source__in=State.values, target__in=State.values), name="step_states_known"),
        )

    def __str__(self) -> str:
        return f"{self.assessment} {self.number}: {self.get_action_display()}"
