"""People, and the posts that say what they may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models.organization import Department, Organization
from orgs.names import clean_phone, clean_text
from orgs.roles import Role


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
    """A person. What they may do is said by their memberships alone; `is_staff` opens only the technical settings.

    password_expires_at  until when an initial password that was handed out lets its holder in; None once it is changed
    """

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=60)
    phone = models.CharField(_("phone number"), max_length=20, null=True, blank=True, unique=True)
    sort_key = models.CharField(max_length=240, blank=True, db_index=True, editable=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    password_expires_at = models.DateTimeField(_("initial password valid until"), null=True, blank=True)

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

    @property
    def first_password_expired(self) -> bool:
        """Whether the password that was handed out lets nobody in any more."""
        return self.password_expires_at is not None and self.password_expires_at <= timezone.now()


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
