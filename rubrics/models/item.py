"""What is asked: sections, groups, items, and what is counted for them."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from rubrics.models.base import NaturalKey, points_field
from rubrics.models.rubric import Audience, Cap, Office, Rubric


class Section(NaturalKey):
    """项目: a printed chapter. `label` is the printed cell (党政重视10分), `name` its wording, `points` its number.

    part       the printed cell that spans several sections (六个专项行动); blank where there is none
    inherited  it comes from the rubric that its own rubric overlays, and stays as it is there
    """

    NATURAL_KEY = ("rubric__code", "rubric__version", "position")

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=60)
    label = models.CharField(_("printed label"), max_length=80)
    points = points_field(_("printed points"), null=True, blank=True)
    part = models.CharField(_("part"), max_length=60, blank=True)
    inherited = models.BooleanField(_("from the superior's rubric"), default=False)

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
    TIERS = "tiers", _("Tiers, more is better")
    TIERS_DOWN = "tiers_down", _("Tiers, fewer is better")
    RATE = "rate", _("Share of a target")
    N_OF_M = "n_of_m", _("So many of several conditions")
    LEVELS = "levels", _("One of several levels")
    SEVERAL_SCORERS = "several_scorers", _("Several departments, weighted")


class BonusRule(models.TextChoices):
    """What a row gives or takes on top of the base points: the kernel's rules of the same names."""

    NONE = "none", _("None")
    ADD_PER_UNIT = "add_per_unit", _("Addition for each unit")
    HIGHEST_LEVEL = "highest_level", _("Highest level only")
    TAKE_PER_UNIT = "take_per_unit", _("Penalty for each unit")


CLAIMABLE = (BonusRule.ADD_PER_UNIT, BonusRule.HIGHEST_LEVEL)
"""What an organisation may claim one by one."""


class Gate(models.TextChoices):
    """A row that is answered yes or no and decides about the award, not about points."""

    NONE = "", _("No")
    REQUIRED = "required", _("Required: without it, not qualified (必备)")
    VETO = "veto", _("Veto: if it happened, no award (一票否决)")
    VETO_TOP = "veto_top", _("Veto of the best band: if it happened, not the best band (一票否优)")


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
    claimed    its bonus is claimed one by one, each with occasion and day; what is counted is the claims
    floor      how far below 0 a deduction may take the row, or a penalty may go; None: 0, or no limit
    needed     how many of the conditions earn the whole (n of m)
    gate       a row without points that decides about the award
    cap        the common limit that its bonus or penalty counts towards
    source_ref  where it stands in the uploaded source, "table:row" from 1; blank where it was not imported
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
    basis = models.TextField(_("evidence basis"), blank=True)
    subject = models.CharField(_("assessed organisations and departments"), max_length=120, blank=True)
    threshold = models.CharField(_("threshold"), max_length=120, blank=True)
    note = models.CharField(_("our note"), max_length=200, blank=True)
    rule = models.CharField(_("rule"), max_length=16, choices=BaseRule, default=BaseRule.JUDGED)
    bonus_rule = models.CharField(_("bonus rule"), max_length=16, choices=BonusRule, default=BonusRule.NONE)
    bonus_cap = points_field(_("bonus cap"), null=True, blank=True)
    claimed = models.BooleanField(_("bonus claimed one by one"), default=False)
    floor = points_field(_("lowest points"), null=True, blank=True)
    needed = models.PositiveSmallIntegerField(_("conditions needed"), null=True, blank=True)
    gate = models.CharField(_("gate"), max_length=8, choices=Gate, default=Gate.NONE, blank=True)
    cap = models.ForeignKey(
        Cap, models.SET_NULL, verbose_name=_("common limit"), null=True, blank=True, related_name="items"
    )
    source_ref = models.CharField(max_length=12, blank=True, editable=False)
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
            CheckConstraint(condition=Q(claimed=False) | Q(bonus_rule__in=CLAIMABLE), name="item_claimed_is_a_bonus"),
            CheckConstraint(condition=Q(gate__in=Gate.values), name="item_gate_known"),
            CheckConstraint(condition=Q(gate="") | Q(rule="none", bonus_rule="none"), name="item_gate_has_no_points"),
            CheckConstraint(condition=Q(floor__isnull=True) | Q(floor__lte=0), name="item_floor_not_positive"),
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
    GATE = "gate", _("Gate")


class Measure(NaturalKey):
    """Something counted for an item's rule; the fields are those of the kernel's Measure.

    amount  by rule: points for each unit, of the part, of the level; the scorer's weight; 0 where it means nothing
    per     by rule: what makes a unit; the target of a share
    office  the department that alone enters it (several scorers); None: whoever marks the item
    """

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
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name=_("responsible department"), null=True, blank=True, related_name="measures"
    )

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("position",)
        constraints = (
            UniqueConstraint(fields=("item", "key"), name="measure_key_unique"),
            CheckConstraint(condition=Q(role__in=MeasureRole.values), name="measure_role_known"),
            CheckConstraint(condition=Q(amount__gte=0, per__gt=0, above__gte=0, step__gt=0), name="measure_amounts"),
        )

    def __str__(self) -> str:
        return self.label


class Tier(NaturalKey):
    """One step of a measure's scale: its points from `bound` on, or up to `bound` where fewer is better."""

    NATURAL_KEY = (
        "measure__item__rubric__code",
        "measure__item__rubric__version",
        "measure__item__key",
        "measure__key",
        "bound",
    )
    FROZEN_AT = "measure__item__rubric__frozen_at"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="tiers")
    bound = models.DecimalField(_("bound"), max_digits=12, decimal_places=2)
    points = points_field(_("points"))

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ("measure", "-bound")
        constraints = (
            UniqueConstraint(fields=("measure", "bound"), name="tier_bound_unique"),
            CheckConstraint(condition=Q(bound__gte=0, points__gte=0), name="tier_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.bound} → {self.points}"
