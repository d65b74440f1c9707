"""Award ladders (Jiangsu: 合格 → 市级模范 → 省模范 → 十佳): rungs, conditions, rounds that are not years, titles."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models import Organization, User


class LadderManager(models.Manager["Ladder"]):
    def get_by_natural_key(self, slug: str) -> Ladder:
        return self.get(slug=slug)


class Ladder(models.Model):
    """A way up. `owner` None: it came with the software."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="ladders")

    objects = LadderManager()

    class Meta:
        verbose_name = _("award ladder")
        verbose_name_plural = _("award ladders")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Holder(models.TextChoices):
    ORGANIZATION = "organization", _("Organisation")
    PERSON = "person", pgettext_lazy("award", "Person")


class RungManager(models.Manager["Rung"]):
    def get_by_natural_key(self, ladder: str, code: str) -> Rung:
        return self.get(ladder__slug=ladder, code=code)


class Rung(models.Model):
    """One title of a ladder, the lowest first.

    prize  what comes with it (省五一劳动奖状)
    limit  how many of it a round may award (十佳: ten); None: any number
    goal   the part, in percent, of the open base unions that are to hold it or a higher one, if it is the lowest rung,
           and else of those on the rung below; None: no goal
    """

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    code = models.SlugField(max_length=30)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(pgettext_lazy("award", "title"), max_length=60)
    holder = models.CharField(_("held by"), max_length=12, choices=Holder)
    prize = models.CharField(_("prize"), max_length=60, blank=True)
    limit = models.PositiveSmallIntegerField(_("most in a round"), null=True, blank=True)
    goal = models.DecimalField(_("goal in percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("clause"), max_length=500, blank=True)

    objects = RungManager()

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        ordering = ("ladder", "position")
        constraints = (
            UniqueConstraint(fields=("ladder", "code"), name="rung_code_unique"),
            UniqueConstraint(fields=("ladder", "position"), name="rung_position_unique"),
            CheckConstraint(condition=Q(limit__isnull=True) | Q(limit__gte=1), name="rung_limit_positive"),
            CheckConstraint(condition=Q(goal__isnull=True) | Q(goal__gt=0, goal__lte=100), name="rung_goal_percent"),
            CheckConstraint(condition=Q(holder__in=Holder.values), name="rung_holder_known"),
        )

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.ladder.slug, self.code)

    natural_key.dependencies = ["assessments.ladder"]  # type: ignore[attr-defined]


class ConditionKind(models.TextChoices):
    """A closed set: each is computed from closed cycles and titles, never evaluated from text."""

    BASE = "base", _("Is a base union")
    TITLE = "title", _("Holds a title")
    BALLOT_YEARS = "ballot_years", _("Years in a row at a share of satisfied votes")
    QUALIFIED = "qualified", _("Qualified in the newest closed cycle")
    SHARE = "share", _("Share of the full points in the newest closed cycle")


SHARE = {"percent__isnull": False, "percent__gt": 0, "percent__lte": 100}
"""A CHECK lets a comparison with nothing pass."""


class ConditionManager(models.Manager["Condition"]):
    def get_by_natural_key(self, ladder: str, rung: str, position: int) -> Condition:
        return self.get(rung__ladder__slug=ladder, rung__code=rung, position=position)


class Condition(models.Model):
    """What a candidate for a rung must meet.

    needs    title: this rung or a higher one of its ladder
    years    ballot_years: how many calendar years in a row
    percent  ballot_years: the satisfied share of the valid votes; share: of the full points
    subject  ballot_years: a `ballot.Subject`
    """

    rung = models.ForeignKey(Rung, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("condition"), max_length=12, choices=ConditionKind)
    needs = models.ForeignKey(Rung, models.PROTECT, null=True, blank=True, related_name="+")
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    subject = models.CharField(_("about whom"), max_length=5, blank=True)

    objects = ConditionManager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ("rung", "position")
        constraints = (
            UniqueConstraint(fields=("rung", "position"), name="condition_position_unique"),
            CheckConstraint(
                condition=Q(kind="title", needs__isnull=False)
                | (Q(kind="ballot_years", years__isnull=False, years__gte=1, **SHARE) & ~Q(subject=""))
                | Q(kind__in=("base", "qualified"))
                | Q(kind="share", **SHARE),
                name="condition_has_its_parameters",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rung} · {self.get_kind_display()}"

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.rung.natural_key(), self.position)

    natural_key.dependencies = ["assessments.rung"]  # type: ignore[attr-defined]


class AwardRound(models.Model):
    """评选: one round of awards by a union; it may span years (省总工会每五年组织两次).

    industrial  whether an organisation may be recommended by its industrial union, too
    """

    ladder = models.ForeignKey(Ladder, models.PROTECT, related_name="rounds")
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="award_rounds")
    name = models.CharField(_("name"), max_length=120)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("last day for candidates"))
    industrial = models.BooleanField(_("industrial unions recommend, too"), default=False)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("award round")
        verbose_name_plural = _("award rounds")
        ordering = ("-opens_on", "-pk")
        constraints = (
            UniqueConstraint(fields=("owner", "name"), name="award_round_name_unique"),
            CheckConstraint(condition=Q(closes_on__gte=models.F("opens_on")), name="award_round_days_in_order"),
            CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="award_round_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CandidacyState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("award", "Proposed")
    AWARDED = "awarded", pgettext_lazy("award", "Awarded")
    DECLINED = "declined", _("Not awarded")


class Candidacy(models.Model):
    """One organisation, or one person of it, as a candidate for a rung in a round.

    recommended_by  the union that recommends it, for which whoever proposed it works
    findings  at the decision: each condition with whether it is met and on what evidence, frozen
    """

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="candidacies")
    rung = models.ForeignKey(Rung, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="candidacies")
    person = models.CharField(pgettext_lazy("award", "person"), max_length=60, blank=True)
    statement = models.TextField(_("statement"), max_length=4000, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=CandidacyState, default=CandidacyState.PROPOSED)
    findings = models.JSONField(default=list)
    recommended_by = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=pgettext_lazy("award", "recommended by"), related_name="+"
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(pgettext_lazy("award", "proposed at"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidacy")
        verbose_name_plural = _("candidacies")
        ordering = ("rung__position", "organization__path", "person")
        constraints = (
            UniqueConstraint(fields=("round", "rung", "organization", "person"), name="candidacy_once"),
            CheckConstraint(condition=Q(state__in=CandidacyState.values), name="candidacy_state_known"),
            CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=("awarded", "declined"), decided_at__isnull=False, decided_by__isnull=False),
                name="candidacy_decided_by_somebody",
            ),
            CheckConstraint(condition=~Q(state="declined", reason=""), name="candidacy_declined_for_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.person or self.organization} · {self.rung}"


class Title(models.Model):
    """称号 of an organisation or of a person of it: awarded in a round, or recorded from before with its document."""

    rung = models.ForeignKey(Rung, models.PROTECT, related_name="titles")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="titles")
    person = models.CharField(pgettext_lazy("award", "person"), max_length=60, blank=True)
    round = models.ForeignKey(AwardRound, models.PROTECT, null=True, blank=True, related_name="titles")
    awarded_on = models.DateField(_("awarded on"))
    evidence = models.CharField(pgettext_lazy("award", "document"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revoked_for = models.CharField(_("why it was revoked"), max_length=500, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("award", "title")
        verbose_name_plural = pgettext_lazy("award", "titles")
        ordering = ("-awarded_on", "-pk")
        constraints = (
            CheckConstraint(
                condition=Q(round__isnull=False) | ~Q(evidence=""), name="title_from_a_round_or_a_document"
            ),
            CheckConstraint(
                condition=Q(revoked_on__isnull=True, revoked_for="")
                | (Q(revoked_on__isnull=False) & ~Q(revoked_for="")),
                name="title_revoked_for_a_reason",
            ),
            UniqueConstraint(
                fields=("rung", "organization", "person"),
                condition=Q(revoked_on__isnull=True),
                name="title_held_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rung}: {self.person or self.organization}"
