"""Spot checks (抽查) and revisits (回头看): a draw that anyone can recompute from what is printed.

A draw has three steps, each of which is final: the seed is said, the population is frozen, the names are drawn. Who
says the seed does not know the population's digest yet, and who freezes it can't choose the seed any more. A large
population is frozen by the workers: meanwhile the draw stands still.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.models.cycle import Cycle
from orgs.models import User
from rubrics.scoring.numbers import format_points


class DrawPurpose(models.TextChoices):
    SPOT_CHECK = "spot_check", _("Spot check")
    REVISIT = "revisit", _("Revisit")


class DrawState(models.TextChoices):
    SEEDED = "seeded", _("Seed fixed")
    FREEZING = "freezing", _("Population being frozen")
    FROZEN = "frozen", _("Population frozen")
    DRAWN = "drawn", _("Drawn")


class Draw(models.Model):
    """One draw among the finished assessments of a cycle.

    by_kind, by_county, by_band  what the strata are made of; none: one stratum
    share     of each stratum, 0.1 is 10 %; the seats are shared out by largest remainder, at least one a stratum
    seed      text that nobody could know or choose alone; `seed_source` says where it came from
    digest    SHA-256 of the frozen population in canonical form (assessments.draws.drawing)
    frozen_by who had it frozen, from the order on
    unfrozen_for  why the last try to freeze it came to nothing, in the words shown
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    purpose = models.CharField(_("purpose"), max_length=10, choices=DrawPurpose)
    by_kind = models.BooleanField(_("by kind"), default=True)
    by_county = models.BooleanField(_("by county"), default=True)
    by_band = models.BooleanField(_("by star"), default=False)
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=4)
    seed = models.CharField(_("seed"), max_length=200)
    seed_source = models.CharField(_("where the seed comes from"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=DrawState, default=DrawState.SEEDED)
    digest = models.CharField(max_length=64, blank=True)
    seeded_at = models.DateTimeField(_("seed fixed at"))
    seeded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(_("population frozen at"), null=True, blank=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    unfrozen_for = models.TextField(blank=True)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ("-number",)
        constraints = (
            UniqueConstraint(fields=("cycle", "number"), name="draw_number_unique"),
            CheckConstraint(condition=Q(purpose__in=DrawPurpose.values), name="draw_purpose_known"),
            CheckConstraint(condition=Q(state__in=DrawState.values), name="draw_state_known"),
            CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="draw_share_is_one"),
            CheckConstraint(
                condition=Q(state__in=("seeded", "freezing"), digest="")
                | (Q(state__in=("frozen", "drawn"), frozen_at__isnull=False) & ~Q(digest="")),
                name="draw_digest_iff_frozen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_purpose_display()} {self.number}"

    @property
    def frozen(self) -> bool:
        """Whether its population stands."""
        return self.state in {DrawState.FROZEN, DrawState.DRAWN}

    @property
    def percent(self) -> str:
        return format_points(self.share * 100)

    @property
    def strata_in_words(self) -> str:
        names = ((self.by_kind, _("kind")), (self.by_county, _("county")), (self.by_band, _("star")))
        return " / ".join(str(name) for made, name in names if made) or gettext("one stratum")


class DrawRound(models.Model):
    """One pulling of names: the first, and each redraw (重抽) that replaces names, with its reason."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("round of a draw")
        verbose_name_plural = _("rounds of a draw")
        ordering = ("number",)
        constraints = (UniqueConstraint(fields=("draw", "number"), name="draw_round_number_unique"),)

    def __str__(self) -> str:
        return f"{self.draw} · {self.number}"


class DrawMember(models.Model):
    """One of the population, as it was when it was frozen.

    key       what stands for it in the canonical form: the number of its assessment, which nobody can choose
    stratum   words for its stratum, as printed
    excluded_for  why it can't be drawn; it is printed too
    rank      SHA-256 of digest, seed, stratum and key; the smallest of a stratum are drawn
    drawn_in, dropped_in  the rounds that drew it, and that replaced it

    There may be 100,000 of them, of whom few are drawn: no index says again what another says, or where nothing is.
    """

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="members", db_index=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="drawn")
    key = models.CharField(max_length=200)
    name = models.CharField(_("name"), max_length=120)
    stratum = models.CharField(_("stratum"), max_length=300, blank=True)
    excluded_for = models.CharField(_("why it is left out"), max_length=300, blank=True)
    rank = models.CharField(max_length=64, blank=True)
    drawn_in = models.ForeignKey(DrawRound, models.PROTECT, null=True, blank=True, related_name="drawn", db_index=False)
    dropped_in = models.ForeignKey(
        DrawRound, models.PROTECT, null=True, blank=True, related_name="dropped", db_index=False
    )

    class Meta:
        verbose_name = _("member of a draw")
        verbose_name_plural = _("members of a draw")
        ordering = ("stratum", "rank", "key")
        constraints = (
            UniqueConstraint(fields=("draw", "assessment"), name="draw_member_once"),
            UniqueConstraint(fields=("draw", "key"), name="draw_member_key_unique"),
            CheckConstraint(condition=Q(excluded_for="") | Q(drawn_in__isnull=True), name="draw_excluded_not_drawn"),
            CheckConstraint(
                condition=Q(dropped_in__isnull=True) | Q(drawn_in__isnull=False), name="draw_dropped_was_drawn"
            ),
        )
        indexes = (
            models.Index(fields=("drawn_in",), name="draw_member_drawn", condition=Q(drawn_in__isnull=False)),
            models.Index(fields=("dropped_in",), name="draw_member_dropped", condition=Q(dropped_in__isnull=False)),
        )

    def __str__(self) -> str:
        return self.name
