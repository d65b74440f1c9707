"""Who there is: the tree of unions, the departments inside them and the people who act for them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.names import clean_phone, clean_text
from orgs.roles import Role

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

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("path",)
        constraints = (
            CheckConstraint(condition=Q(level__in=Level.values), name="organization_level_known"),
            CheckConstraint(condition=Q(code__isnull=True) | ~Q(code=""), name="organization_code_null_or_text"),
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


class UserManager(DjangoUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """Log in by user name or by phone number. `orgs.services` sees to it that no login means two people."""
        typed = clean_text(username or "")
        logins = (typed, typed.lower(), clean_phone(typed))
        found = {
            login: user
            for user in self.filter(Q(username__in=logins) | Q(phone__in=logins))
            for login in (user.phone, user.username)
        }
        for login in logins:
            if login in found:
                return found[login]
        raise self.model.DoesNotExist


class User(AbstractUser):
    """A person. What they may do is said by their memberships alone; `is_staff` opens only the technical settings."""

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=60)
    phone = models.CharField(_("phone number"), max_length=20, null=True, blank=True, unique=True)
    sort_key = models.CharField(max_length=240, blank=True, db_index=True, editable=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (CheckConstraint(condition=Q(phone__isnull=True) | ~Q(phone=""), name="user_phone_null_or_text"),)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name


class Membership(models.Model):
    """A person's role in an organisation; a department assessor's also names the department."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), related_name="memberships")
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    department = models.ForeignKey(
        Department, models.CASCADE, verbose_name=_("department"), null=True, blank=True, related_name="memberships"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            CheckConstraint(
                condition=Q(role=Role.DEPARTMENT_ASSESSOR, department__isnull=False)
                | (~Q(role=Role.DEPARTMENT_ASSESSOR) & Q(department__isnull=True)),
                name="membership_department_iff_department_assessor",
            ),
            UniqueConstraint(
                fields=("user", "organization", "role"),
                condition=Q(department__isnull=True),
                name="membership_unique",
            ),
            UniqueConstraint(fields=("user", "department"), name="membership_unique_in_department"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"


class Subject(models.TextChoices):
    """What a change in the log is about."""

    ORGANIZATION = "organization", _("Organisation")
    DEPARTMENT = "department", _("Department")
    PERSON = "person", _("Person")


FIELD_LABELS = {
    "created": _("added"),
    "removed": _("removed"),
    "name": _("name"),
    "full_name": _("full name"),
    "kind": _("kind"),
    "level": _("level"),
    "code": _("credit code"),
    "members": _("members"),
    "parent": _("superior union"),
    "closed_on": _("closed on"),
    "aliases": _("other names"),
    "position": _("position"),
    "phone": _("phone number"),
    "username": _("user name"),
    "password": _("password"),
    "is_active": _("account open"),
    "post": _("post"),
}


class AppendOnly(models.QuerySet["Change"]):
    def update(self, **_kwargs: object) -> int:
        raise TypeError("the log is only added to")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the log is only added to")


class Change(models.Model):
    """One line of the log of reference data: who changed which field of what, from and to, in the words of that time.

    Written by `orgs.services` in the transaction of the change itself, and never changed. `path` is the place of the
    organisation at that time, so that the log of a branch is a range like the branch. `by` is empty where a command
    did it.
    """

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("by"), null=True, editable=False, related_name="changes_made"
    )
    path = models.CharField(max_length=PATH_STEP * 20, db_index=True, editable=False)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject, editable=False)
    subject_id = models.BigIntegerField(editable=False)
    name = models.CharField(_("name"), max_length=120, editable=False)
    field = models.CharField(_("field"), max_length=20, editable=False)
    old = models.TextField(_("before"), blank=True, editable=False)
    new = models.TextField(_("after"), blank=True, editable=False)

    objects = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-pk",)
        indexes = (models.Index(fields=("subject", "subject_id"), name="change_subject"),)
        constraints = (CheckConstraint(condition=Q(subject__in=Subject.values), name="change_subject_known"),)

    def __str__(self) -> str:
        return f"{self.name} · {self.field}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the log is only added to")
        super().save(**kwargs)

    def delete(self, **_kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        raise TypeError("the log is only added to")

    @property
    def field_label(self) -> str:
        return str(FIELD_LABELS.get(self.field, self.field))
