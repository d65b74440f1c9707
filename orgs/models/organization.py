"""The tree of unions and the departments inside them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

PATH_STEP = 9
"""Digits of one step of a path: an organisation's key, zero-padded."""


class OrganizationKindManager(models.Manager["OrganizationKind"]):
    def get_by_natural_key(self, code: str) -> OrganizationKind:
        return self.get(code=code)


class OrganizationKind(models.Model):
    """单位类别: decides which rubric an organisation is assessed with. Never guessed from a name."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = OrganizationKindManager()

    class Meta:
        verbose_name = _("organisation kind")
        verbose_name_plural = _("organisation kinds")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class Level(models.TextChoices):
    """Where a union stands in the hierarchy. An attribute, not a depth: parents may skip levels."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    INDUSTRY = "industry", _("Industry")
    TOWNSHIP = "township", _("Township")
    GRASSROOTS = "grassroots", _("Grassroots")


class Organization(models.Model):
    """工会组织. A node of a forest of any depth.

    `path` is the keys of all ancestors and the node itself, each zero-padded to nine digits. We keep it beside the
    parent key instead of using a tree library because keys are never used again: a copy of a path that an assessment
    froze can't come to mean another branch after a move, so rights by path prefix hold on frozen copies too (treebeard
    and its kin reuse path steps). Only `orgs.services` writes `parent` and `path`; compare subtrees with
    `orgs.queries.in_subtree`, never with LIKE or '~'.

    industrial_union  the second superior of an organisation under dual leadership (双重领导);
                      `parent` is the territorial
    """

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True, unique=True)
    kind = models.ForeignKey(OrganizationKind, models.PROTECT, verbose_name=_("kind"), related_name="organizations")
    level = models.CharField(_("level"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("superior union"), null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=PATH_STEP * 20, unique=True, editable=False)
    sort_key = models.CharField(max_length=240, editable=False)
    members = models.PositiveIntegerField(_("members"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="absorbed"
    )
    industrial_union = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("industrial union"), null=True, blank=True, related_name="affiliates"
    )
    contact = models.CharField(_("contact person"), max_length=60, blank=True)
    phone = models.CharField(_("contact phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("path",)
        constraints = (
            CheckConstraint(condition=Q(level__in=Level.values), name="organization_level_known"),
            CheckConstraint(condition=Q(code__isnull=True) | ~Q(code=""), name="organization_code_null_or_text"),
            CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False), name="organization_merged_is_closed"
            ),
            CheckConstraint(
                condition=Q(industrial_union__isnull=True) | ~Q(industrial_union=models.F("parent")),
                name="organization_two_superiors_differ",
            ),
            UniqueConstraint(fields=("parent", "name"), name="organization_name_unique_under_parent"),
        )
        indexes = (models.Index(fields=("parent", "sort_key", "id"), name="organization_children"),)

    def __str__(self) -> str:
        return self.name

    @property
    def ancestor_ids(self) -> list[int]:
        """Keys of the organisations above it, from the top down."""
        return path_ids(self.path)[:-1]


def path_ids(path: str) -> list[int]:
    """The keys that a path is made of, from the top down."""
    return [int(path[start : start + PATH_STEP]) for start in range(0, len(path), PATH_STEP)]


def names_of(name: str, aliases: str) -> frozenset[str]:
    """A department's name with its other names, which are typed separated by spaces."""
    return frozenset((name, *aliases.split()))


class Department(models.Model):
    """责任部室 of a union: scores items, is not a node of the tree. Aliases are other names documents use for it."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="departments"
    )
    name = models.CharField(_("name"), max_length=60)
    aliases = models.CharField(
        _("other names"),
        max_length=200,
        blank=True,
        help_text=_("Names that documents use for it, separated by spaces"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("position", "name")
        constraints = (UniqueConstraint(fields=("organization", "name"), name="department_name_unique"),)

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> frozenset[str]:
        """Every name under which a rubric may speak of this department."""
        return names_of(self.name, self.aliases)
