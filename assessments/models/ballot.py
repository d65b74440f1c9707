"""Democratic appraisal: what was asked, counters of what was answered, codes that are tied to nobody.

Nothing here, taken together, says who voted what, nor in which order (docs/workflow.md, "Why a vote stays secret"): a
vote writes no row of its own and no time, it only turns a code's flag and rewrites every option of its ballot.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from orgs.models import User
from rubrics.models import Item


class Voters(models.TextChoices):
    """Who is asked: the electorates that a rubric may name, and the representatives that Guyuan's plan asks."""

    MEMBERS = "members", _("Members")
    REPRESENTATIVES = "representatives", _("Members' representatives")
    WORKERS = "workers", _("Workers")
    BASE_UNIONS = "base_unions", _("Subordinate unions")
    BASE_CHAIRS = "base_chairs", _("Subordinate chairs")
    RANDOM_MEMBERS = "random_members", _("Randomly drawn members")


BY_ORGANIZATION = frozenset({Voters.BASE_UNIONS, Voters.BASE_CHAIRS})
"""One vote for each organisation on a list."""


class Purpose(models.TextChoices):
    ITEM = "item", _("Gives an item its points")
    GATE = "gate", _("Must be held before the assessment can end")
    ANNEX = "annex", _("Is only shown")


class Subject(models.TextChoices):
    """About whom the voters are asked. The first two count towards awards (Jiangsu: 会员评家, 评议工会主席)."""

    UNION = "union", _("The union")
    CHAIR = "chair", _("Its chair")
    OTHER = "other", _("Something else")


class BallotState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Voting")
    CLOSED = "closed", _("Voting ended")
    VOID = "void", _("Annulled")


class BallotScoring(models.TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", _("All points from the threshold on, below it none")
    PROPORTIONAL = "proportional", _("All points from the threshold on, below it in proportion")


class Ballot(models.Model):
    """民主测评: one question to one electorate about the assessed organisation. Frozen when it opens.

    roster     how many may vote
    listed     the organisations with a vote each, one a line, where the electorate goes by organisation
    minimum    the fewest ballots that must come back
    threshold  in percent of the valid votes
    papers     ballot papers counted in by two persons, `spoilt` ones among them; None: not yet
    annulled_for  why it was annulled
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="ballots")
    purpose = models.CharField(_("what it is for"), max_length=5, choices=Purpose)
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("item"), null=True, blank=True, related_name="+")
    electorate = models.CharField(_("who is asked"), max_length=16, choices=Voters)
    subject = models.CharField(_("about whom"), max_length=5, choices=Subject, default=Subject.UNION)
    title = models.CharField(_("title"), max_length=60)
    question = models.CharField(_("question"), max_length=300)
    roster = models.PositiveIntegerField(_("number entitled to vote"))
    listed = models.TextField(_("organisations"), max_length=20_000, blank=True)
    minimum = models.PositiveIntegerField(_("minimum returned"))
    threshold = models.DecimalField(_("threshold"), max_digits=5, decimal_places=2, default=Decimal(85))
    scoring = models.CharField(_("points"), max_length=14, choices=BallotScoring, default=BallotScoring.ALL_OR_NOTHING)
    last_day = models.DateField(_("last day of voting"))
    state = models.CharField(_("state"), max_length=6, choices=BallotState, default=BallotState.DRAFT)
    papers = models.PositiveIntegerField(_("papers"), null=True, blank=True, editable=False)
    spoilt = models.PositiveIntegerField(_("spoilt papers"), default=0, editable=False)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    annulled_for = models.CharField(_("why it was annulled"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ("pk",)
        constraints = (
            CheckConstraint(
                condition=Q(purpose="item", item__isnull=False) | Q(purpose__in=("gate", "annex"), item__isnull=True),
                name="ballot_item_iff_it_feeds_one",
            ),
            CheckConstraint(condition=Q(subject__in=Subject.values), name="ballot_subject_known"),
            CheckConstraint(condition=Q(electorate__in=Voters.values), name="ballot_electorate_known"),
            CheckConstraint(condition=Q(scoring__in=BallotScoring.values), name="ballot_scoring_known"),
            CheckConstraint(condition=Q(state__in=BallotState.values), name="ballot_state_known"),
            CheckConstraint(condition=Q(threshold__gt=0, threshold__lte=100), name="ballot_threshold_percent"),
            CheckConstraint(condition=Q(minimum__gte=1, minimum__lte=F("roster")), name="ballot_minimum_in_roster"),
            CheckConstraint(
                condition=Q(papers__isnull=True) | Q(papers__gte=F("spoilt"), papers__lte=F("roster")),
                name="ballot_papers_in_roster",
            ),
            UniqueConstraint(
                fields=("assessment", "item"),
                condition=Q(item__isnull=False) & ~Q(state="void"),
                name="ballot_one_for_an_item",
            ),
        )

    def __str__(self) -> str:
        return self.title


class BallotOption(models.Model):
    """A possible answer. `votes` is rewritten on every option of the ballot whenever anybody votes."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("answer"), max_length=20)
    satisfied = models.BooleanField(_("counts as satisfied"))
    votes = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("ballot", "position"), name="ballot_option_position_unique"),
            UniqueConstraint(fields=("ballot", "label"), name="ballot_option_label_unique"),
        )

    def __str__(self) -> str:
        return self.label


class BallotCode(models.Model):
    """A slip that was printed, as the digest of its code; written in the order of digests, which means nothing."""

    digest = models.CharField(max_length=64, primary_key=True)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="codes")
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.digest[:8]


class PaperCount(models.Model):
    """What one person counted of the ballot papers. `votes` by the options' positions."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="paper_counts")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    votes = models.JSONField()
    spoilt = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("count of papers")
        verbose_name_plural = _("counts of papers")
        constraints = (UniqueConstraint(fields=("ballot", "by"), name="paper_count_once_a_person"),)

    def __str__(self) -> str:
        return f"{self.ballot} · {self.by}"
