"""Rubrics as rows: what a document prints, and the rules that turn marks into points.

Document -> Rubric (one row per version, frozen once a cycle uses it) -> Section -> Group -> Item -> Measure. All
wording is the document's own. `rubrics.convert` turns a Rubric into the kernel's frozen value; nothing else computes
with these rows.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from rubrics.guard import GuardedQuerySet


class NaturalKeyManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, *key: Any) -> Any:
        return self.get(**dict(zip(self.model.NATURAL_KEY, key, strict=True)))


class NaturalKey(models.Model):
    """A row that fixtures name by `NATURAL_KEY`, the look-ups that identify it.

    FROZEN_AT  the look-up of its rubric's `frozen_at`, which `rubrics.guard` asks before anything is written
    """

    NATURAL_KEY: ClassVar[tuple[str, ...]]
    FROZEN_AT: ClassVar[str] = "rubric__frozen_at"

    objects = NaturalKeyManager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """None stands for what its owner would say, while the owner is not there."""
        return tuple(self._follow(lookup) for lookup in self.NATURAL_KEY)

    def _follow(self, lookup: str) -> Any:
        try:
            return reduce(getattr, lookup.split("__"), self)
        except ObjectDoesNotExist:
            return None


def points_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Points as printed or given: up to 9999.99 (1000-point rubrics exist), exact."""
    return models.DecimalField(label, max_digits=6, decimal_places=2, **options)


class Document(NaturalKey):
    """An issued paper that carries one or several rubrics, one per kind of organisation."""

    NATURAL_KEY = ("slug",)
    FROZEN_AT = "rubrics__frozen_at"

    slug = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    issuer = models.CharField(_("issuer"), max_length=60, blank=True)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    source = models.CharField(_("source file"), max_length=120, blank=True)

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
    """考核标准. One version; `frozen_at` is set when a cycle first uses it, and from then on no row of it changes.

    declared_total  what the document says its base points add up to; None where it says nothing
    total_label, printed_total  the document's own total row ("分数合计", "105": Shenyang adds base and bonus);
                    blank where it prints none
    step            smallest difference between two marks
    qualified_rank  the lowest band rank that still counts as qualified (达标); None: no such rule
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
    qualified_rank = models.PositiveSmallIntegerField(_("lowest qualified rank"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
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


class Section(NaturalKey):
    """项目: a printed chapter. `label` is the printed cell (党政重视10分), `name` its wording, `points` its number.

    part  the printed cell that spans several sections (六个专项行动); blank where there is none
    """

    NATURAL_KEY = ("rubric__code", "rubric__version", "position")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=60)
    label = models.CharField(_("printed label"), max_length=80)
    points = points_field(_("printed points"), null=True, blank=True)
    part = models.CharField(_("part"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position",)
        constraints = (UniqueConstraint(fields=("rubric", "position"), name="section_position_unique"),)

    def __str__(self) -> str:
        return self.name


class Group(NaturalKey):
    """单项: items that share one printed cell of points, `label` (Jiangsu). Positions run through the rubric."""

    NATURAL_KEY = ("section__rubric__code", "section__rubric__version", "position")
    FROZEN_AT = "section__rubric__frozen_at"

    section = models.ForeignKey(Section, models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField(_("position"))
    points = points_field(_("group points"))
    label = models.CharField(_("printed points"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ("position",)
        constraints = (UniqueConstraint(fields=("section", "position"), name="group_position_unique"),)

    def __str__(self) -> str:
        return f"{self.section} {self.position}"


class BaseRule(models.TextChoices):
    """How a row earns its base points: the kernel's rules of the same names."""

    NONE = "none", _("None, bonus only")
    JUDGED = "judged", _("Judged by a person")
    DEDUCT_PER_UNIT = "deduct_per_unit", _("Deduction for each unit")
    SUM_OF_PARTS = "sum_of_parts", _("Sum of parts")


class BonusRule(models.TextChoices):
    NONE = "none", _("None")
    ADD_PER_UNIT = "add_per_unit", _("Addition for each unit")
    HIGHEST_LEVEL = "highest_level", _("Highest level only")


class Electorate(models.TextChoices):
    """Whose satisfaction a ballot-fed item asks for."""

    NONE = "", _("No ballot")
    MEMBERS = "members", _("Members")
    WORKERS = "workers", _("Workers")
    BASE_UNIONS = "base_unions", _("Subordinate unions")
    BASE_CHAIRS = "base_chairs", _("Subordinate chairs")
    RANDOM_MEMBERS = "random_members", _("Randomly drawn members")


class Item(NaturalKey):
    """考核内容: one row of the document, the finest that carries points.

    key        unique in the rubric, for people: SY '2-3', D '7', G '12', Jiangsu '4-2', county '1-4'
    number     as printed before the wording ('3.', '１.', '12'); blank where none is printed
    points     base points; None on a pure bonus row
    printed_points  the points as printed ('（3分）', '２分', '最高5分', '加分项目')
    basis      评分细则, the evidence basis
    subject    the cell that mixes assessed organisations and departments, as printed (six special actions)
    threshold  the quantitative condition, a part of `text`
    audiences  the kinds it applies to; none: all
    offices    responsible departments through Responsibility, lead first
    """

    NATURAL_KEY = ("rubric__code", "rubric__version", "key")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, models.CASCADE, related_name="items")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.CharField(_("key"), max_length=12)
    number = models.CharField(_("printed number"), max_length=8, blank=True)
    text = models.TextField(_("wording"))
    points = points_field(_("points"), null=True, blank=True)
    printed_points = models.CharField(_("printed points"), max_length=20, blank=True)
    basis = models.CharField(_("evidence basis"), max_length=120, blank=True)
    subject = models.CharField(_("assessed organisations and departments"), max_length=120, blank=True)
    threshold = models.CharField(_("threshold"), max_length=120, blank=True)
    note = models.CharField(_("our note"), max_length=200, blank=True)
    rule = models.CharField(_("rule"), max_length=16, choices=BaseRule, default=BaseRule.JUDGED)
    bonus_rule = models.CharField(_("bonus rule"), max_length=16, choices=BonusRule, default=BonusRule.NONE)
    bonus_cap = points_field(_("bonus cap"), null=True, blank=True)
    electorate = models.CharField(_("ballot"), max_length=16, choices=Electorate, default=Electorate.NONE, blank=True)
    audiences = models.ManyToManyField(Audience, verbose_name=_("applies to"), blank=True, related_name="items")
    offices: models.ManyToManyField[Office, Responsibility] = models.ManyToManyField(
        Office, through="Responsibility", verbose_name=_("responsible departments"), related_name="items"
    )

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("rubric", "key"), name="item_key_unique"),
            UniqueConstraint(fields=("rubric", "position"), name="item_position_unique"),
            CheckConstraint(condition=Q(points__isnull=True) | Q(points__gt=0), name="item_points_positive"),
            CheckConstraint(
                condition=Q(points__isnull=True, rule="none") | (Q(points__isnull=False) & ~Q(rule="none")),
                name="item_points_iff_rule",
            ),
            CheckConstraint(condition=Q(rule__in=BaseRule.values), name="item_rule_known"),
            CheckConstraint(condition=Q(bonus_rule__in=BonusRule.values), name="item_bonus_rule_known"),
            CheckConstraint(condition=Q(electorate__in=Electorate.values), name="item_electorate_known"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.text[:30]}"


class Responsibility(NaturalKey):
    """An office's duty for an item; position 0 leads."""

    NATURAL_KEY = ("item__rubric__code", "item__rubric__version", "item__key", "office__name")
    FROZEN_AT = "item__rubric__frozen_at"

    item = models.ForeignKey(Item, models.CASCADE, related_name="responsibilities")
    office = models.ForeignKey(Office, models.CASCADE, related_name="responsibilities")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("item", "office"), name="responsibility_unique"),
            UniqueConstraint(fields=("item", "position"), name="responsibility_position_unique"),
        )

    def __str__(self) -> str:
        return f"{self.item.key} {self.office}"


class MeasureRole(models.TextChoices):
    BASE = "base", _("Base rule")
    BONUS = "bonus", _("Bonus rule")


class Measure(NaturalKey):
    """Something counted for an item's rule; the fields are those of the kernel's Measure."""

    NATURAL_KEY = ("item__rubric__code", "item__rubric__version", "item__key", "key")
    FROZEN_AT = "item__rubric__frozen_at"

    item = models.ForeignKey(Item, models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    key = models.SlugField(_("key"), max_length=20)
    role = models.CharField(_("belongs to"), max_length=5, choices=MeasureRole)
    label = models.CharField(_("label"), max_length=60)
    unit = models.CharField(_("unit"), max_length=10)
    amount = points_field(_("points"))
    per = models.DecimalField(_("for each"), max_digits=12, decimal_places=2, default=Decimal(1))
    above = models.DecimalField(_("above"), max_digits=12, decimal_places=2, default=Decimal(0))
    step = models.DecimalField(_("step of the count"), max_digits=12, decimal_places=2, default=Decimal(1))

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("item", "key"), name="measure_key_unique"),
            CheckConstraint(condition=Q(role__in=MeasureRole.values), name="measure_role_known"),
            CheckConstraint(condition=Q(amount__gt=0, per__gt=0, above__gte=0, step__gt=0), name="measure_amounts"),
        )

    def __str__(self) -> str:
        return self.label
