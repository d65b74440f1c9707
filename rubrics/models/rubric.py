"""The document, its rubrics, and what holds for a rubric as a whole."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization, User
from rubrics.models.base import NaturalKey, points_field


class Document(NaturalKey):
    """An issued paper that carries one or several rubrics, one per kind of organisation.

    owner  the union that brought it in and looks after it; None: it came with the software
    """

    NATURAL_KEY = ("slug",)
    FROZEN_AT = "rubrics__frozen_at"

    slug = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    issuer = models.CharField(_("issuer"), max_length=60, blank=True)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    source = models.CharField(_("source file"), max_length=120, blank=True)
    owner = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("owner"), null=True, blank=True, related_name="documents"
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


class TotalPolicy(models.TextChoices):
    AS_PRINTED = "as_printed", _("As printed")
    SCALED = "scaled", _("Scaled to the declared total")


class NotApplicablePolicy(models.TextChoices):
    EXCLUDE = "exclude", _("Left out, the rest rescaled")
    FULL = "full", _("Full marks")
    ZERO = "zero", _("No marks")


class Rubric(NaturalKey):
    """考核标准. One version: a draft until `published_at`; from `frozen_at` on no row of it changes.

    Publishing freezes what an administrator made. What came with the software stands published in its fixture and is
    frozen when a cycle first uses it, so that a corrected fixture may still replace it.

    declared_total  what the document says its base points add up to; None where it says nothing
    total_label, printed_total  the document's own total row ("分数合计", "105": Shenyang adds base and bonus);
                    blank where it prints none
    step            smallest difference between two marks
    total_floor     the lowest total; penalties can take it no further. Below 0 where a document says so
    qualified_rank  the lowest band rank that still counts as qualified (达标); None: no such rule
    overlay_points  how many points a union below may add in items of its own (自设项目); None: it may add none
    based_on        the rubric that this one was copied from: the version before, or another rubric
    overlays        the rubric of a superior union whose sections this one carries unchanged beside its own
    published_by    who published it here; None: it came published with the software, or is a draft
    """

    NATURAL_KEY = ("code", "version")
    FROZEN_AT = "frozen_at"

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="rubrics")
    code = models.SlugField(_("code"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    annex = models.CharField(_("annex"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=120, blank=True)
    footnote = models.TextField(_("note under the table"), blank=True)
    declared_total = points_field(_("declared total"), null=True, blank=True)
    total_label = models.CharField(_("label of the total row"), max_length=20, blank=True)
    printed_total = models.CharField(_("printed total"), max_length=10, blank=True)
    total_policy = models.CharField(
        _("total policy"), max_length=12, choices=TotalPolicy, default=TotalPolicy.AS_PRINTED
    )
    not_applicable_policy = models.CharField(
        _("not applicable policy"), max_length=12, choices=NotApplicablePolicy, default=NotApplicablePolicy.EXCLUDE
    )
    step = points_field(_("step"), default=Decimal("0.5"))
    total_floor = points_field(_("lowest total"), default=Decimal(0))
    qualified_rank = models.PositiveSmallIntegerField(_("lowest qualified rank"), null=True, blank=True)
    overlay_points = points_field(_("points that unions below may add"), null=True, blank=True)
    based_on = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("copied from"), null=True, blank=True, related_name="copies"
    )
    overlays = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("builds upon"), null=True, blank=True, related_name="overlaid_by"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("published by"), null=True, blank=True, editable=False, related_name="+"
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ("document", "position", "code", "-version")
        constraints = (
            UniqueConstraint(fields=("code", "version"), name="rubric_version_unique"),
            CheckConstraint(condition=Q(total_policy__in=TotalPolicy.values), name="rubric_total_policy_known"),
            CheckConstraint(
                condition=Q(not_applicable_policy__in=NotApplicablePolicy.values),
                name="rubric_not_applicable_policy_known",
            ),
            CheckConstraint(condition=Q(step__gt=0), name="rubric_step_positive"),
            CheckConstraint(
                condition=Q(frozen_at__isnull=True) | Q(published_at__isnull=False), name="rubric_frozen_is_published"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}{self.subtitle}"


class Audience(NaturalKey):
    """A kind of organisation that a rubric addresses, by the kind's code and in the document's own words.

    `rubrics` does not know organisations: the code is what a cycle matches with its organisation kinds.
    """

    NATURAL_KEY = ("rubric__code", "rubric__version", "kind")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="audiences")
    kind = models.SlugField(_("kind"))
    label = models.CharField(_("name in the document"), max_length=60)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ("id",)
        constraints = (UniqueConstraint(fields=("rubric", "kind"), name="audience_unique"),)

    def __str__(self) -> str:
        return self.label


class Office(NaturalKey):
    """责任部室 as a rubric names it; a cycle finds the assessing union's department of that name or alias."""

    NATURAL_KEY = ("rubric__code", "rubric__version", "name")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="offices")
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("responsible department")
        verbose_name_plural = _("responsible departments")
        ordering = ("id",)
        constraints = (UniqueConstraint(fields=("rubric", "name"), name="office_unique"),)

    def __str__(self) -> str:
        return self.name


class Cap(NaturalKey):
    """ "以上累计不超过2分": what the bonuses and penalties of the items that name it may come to together.

    most   the most they may add; None: no upper limit
    least  the most they may take, as a negative number; None: no lower limit
    """

    NATURAL_KEY = ("rubric__code", "rubric__version", "name")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="caps")
    name = models.CharField(_("name"), max_length=60)
    most = points_field(_("at most"), null=True, blank=True)
    least = points_field(_("at least"), null=True, blank=True)

    class Meta:
        verbose_name = _("common limit")
        verbose_name_plural = _("common limits")
        ordering = ("id",)
        constraints = (
            UniqueConstraint(fields=("rubric", "name"), name="cap_unique"),
            CheckConstraint(condition=Q(most__gte=0) | Q(most__isnull=True), name="cap_most_not_negative"),
            CheckConstraint(condition=Q(least__lte=0) | Q(least__isnull=True), name="cap_least_not_positive"),
        )

    def __str__(self) -> str:
        return self.name


class ColumnSource(models.TextChoices):
    """What a printed column shows."""

    PART = "part", _("Part")
    SECTION = "section", _("Section")
    NUMBER = "number", _("Number")
    TEXT = "text", _("Item")
    POINTS = "points", _("Points")
    GROUP_POINTS = "group_points", _("Group points")
    BASIS = "basis", _("Evidence basis")
    OFFICE = "office", _("Responsible department")
    SUBJECT = "subject", _("Assessed organisations")
    SELF = "self", _("Self-score")
    ASSESS = "assess", _("Assessment score")
    REVIEW = "review", _("Review score")


class Column(NaturalKey):
    """A column of the document's table, in printed order. The score columns also name the stages and say how many.

    heading  blank where the printed heading of the column before spans this one too; a line break is a printed one
    added  the document has no such column and the software supplies it (six special actions)
    width  millimetres on the printed card
    """

    NATURAL_KEY = ("rubric__code", "rubric__version", "source")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField(_("position"))
    source = models.CharField(_("shows"), max_length=12, choices=ColumnSource)
    heading = models.CharField(_("heading"), max_length=40, blank=True)
    width = models.PositiveSmallIntegerField(_("width"))
    added = models.BooleanField(_("added by the software"), default=False)

    class Meta:
        verbose_name = _("column")
        verbose_name_plural = _("columns")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("rubric", "source"), name="column_source_unique"),
            CheckConstraint(condition=Q(source__in=ColumnSource.values), name="column_source_known"),
        )

    def __str__(self) -> str:
        return self.heading or str(self.get_source_display())


class Band(NaturalKey):
    """等次/星级: reached from `lower` points on, unrounded. `quota` is the share of a cohort that may hold it."""

    NATURAL_KEY = ("rubric__code", "rubric__version", "rank")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="bands")
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("Higher is better"))
    name = models.CharField(_("name"), max_length=20)
    lower = points_field(_("from points"))
    quota = models.DecimalField(_("quota share"), max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")
        ordering = ("-rank",)
        constraints = (
            UniqueConstraint(fields=("rubric", "rank"), name="band_rank_unique"),
            UniqueConstraint(fields=("rubric", "lower"), name="band_lower_unique"),
            CheckConstraint(
                condition=Q(quota__isnull=True) | Q(quota__gt=0, quota__lte=1), name="band_quota_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return self.name
