"""What is filled in about organisations, departments, people. Forms judge single fields, services the rest."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from orgs import credit_code
from orgs.files.fields import TableFileField
from orgs.keys import key_of
from orgs.models import Change, Department, Level, Organization, OrganizationKind, Subject
from orgs.names import clean_name
from orgs.permissions import posts
from orgs.queries import manageable
from orgs.roles import Role
from orgs.services.facts import MAX_CONTACT, MAX_MEMBERS, MAX_PHONE, code_sentence

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from orgs.models import User


class OrganizationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ModelChoiceField(OrganizationKind.objects.all(), label=_("Kind"))
    level = forms.ChoiceField(label=_("Level"), choices=[("", "---------"), *Level.choices])
    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        required=False,
        help_text=_("18 characters. Leave it empty if the organisation has none."),
    )
    members = forms.IntegerField(label=_("Members"), required=False, min_value=0, max_value=MAX_MEMBERS)
    contact = forms.CharField(label=_("Contact person"), max_length=MAX_CONTACT, required=False)
    phone = forms.CharField(label=_("Contact phone"), max_length=MAX_PHONE, required=False)

    def __init__(self, *args: Any, may_place: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        if not may_place:
            for name in ("kind", "level"):
                self.fields[name].disabled = True
            self.fields["kind"].help_text = _("Kind and level are set by the superior union.")

    def clean_code(self) -> str:
        try:
            return credit_code.parse(self.cleaned_data["code"])
        except credit_code.NotACodeError as error:
            raise ValidationError(code_sentence(self.cleaned_data["code"], error.reason)) from error


class UploadForm(forms.Form):
    """A list, and the branch that its rows lie in: offered are the organisations that one is administrator of, and the
    one that the page was opened for; every branch that may be managed is taken.
    """

    branch = forms.ModelChoiceField(Organization.objects.none(), label=_("Branch"), empty_label=None)
    file = TableFileField(label=_("File (.xlsx or .csv)"))

    def __init__(self, user: User, wanted: str | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = manageable(user)
        keys = {post.organization_id for post in posts(user) if post.role == Role.ADMIN}
        opened_for = key_of(wanted)
        offered = branches.filter(pk__in=keys | {opened_for}).order_by("path")
        field = self.fields["branch"]
        field.queryset = branches  # type: ignore[attr-defined]
        field.initial = opened_for or None
        field.help_text = _("Rows outside of it are refused. Choose the lowest union above all rows.")
        field.widget.choices = [(one.pk, one.name) for one in offered]


class OrganizationFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    kind = forms.ModelChoiceField(OrganizationKind.objects.all(), required=False, empty_label=_("All kinds"))
    level = forms.ChoiceField(choices=[("", _("All levels")), *Level.choices], required=False)


class PersonFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    role = forms.ChoiceField(choices=[("", _("All roles")), *Role.choices], required=False)


DAYS = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))
"""Days that a form shows and a database keeps as moments."""


class AddressFilter(forms.Form):
    """Filters of a list, read from the address; what can't be read narrows nothing."""

    @property
    def wanted(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}

    @property
    def narrows(self) -> bool:
        return any(self.wanted.values())


class LogFilter(AddressFilter):
    """The filters of a log, read from the address. Both days belong to it; a name as it was then."""

    q = forms.CharField(required=False, max_length=60)
    subject = forms.ChoiceField(choices=[("", _("Everything")), *Subject.choices], required=False)
    since = forms.DateField(required=False, validators=DAYS)
    until = forms.DateField(required=False, validators=DAYS)

    def matching(self, changes: QuerySet[Change]) -> QuerySet[Change]:
        """Those that are asked for; all of them where what was asked can't be read."""
        wanted = self.wanted
        if wanted.get("q"):
            changes = changes.filter(name__contains=clean_name(wanted["q"]))
        if wanted.get("subject"):
            changes = changes.filter(subject=wanted["subject"])
        if wanted.get("since"):
            changes = changes.filter(at__gte=day_begins(wanted["since"]))
        if wanted.get("until"):
            changes = changes.filter(at__lt=day_begins(wanted["until"] + timedelta(1)))
        return changes


def day_begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class DepartmentForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    aliases = forms.CharField(
        label=_("Other names"),
        max_length=200,
        required=False,
        help_text=_("Names that documents use for it, separated by spaces."),
    )
    position = forms.IntegerField(label=_("Position in lists"), min_value=0, max_value=999, initial=0)


class PersonForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(
        label=_("Phone number"), max_length=30, required=False, help_text=_("Can be used to log in.")
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        required=False,
        help_text=_("For logging in. Left empty, it is made from the name in pinyin."),
    )


class PostForm(forms.Form):
    """A post in one given organisation."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), required=False, help_text=_("For a department assessor only.")
    )

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = organization.departments.all()
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        if not departments:
            del self.fields["department"]
            self.fields["role"].choices = [  # type: ignore[attr-defined]
                choice for choice in Role.choices if choice[0] != Role.DEPARTMENT_ASSESSOR
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("department", None)
        if cleaned.get("role") == Role.DEPARTMENT_ASSESSOR and not cleaned["department"]:
            self.add_error("department", _("Choose the department."))
        return cleaned


class ExistingPersonForm(PostForm):
    """A post for someone who is already known, perhaps from another union: found only by their exact login."""

    login = forms.CharField(label=_("Phone number or user name"), max_length=60)
    field_order = ("login", "role", "department")


class SuccessorForm(forms.Form):
    """Who takes a post over: someone known by their exact login, or a new person."""

    login = forms.CharField(
        label=_("Phone number or user name of somebody who has an account"), max_length=60, required=False
    )
    full_name = forms.CharField(label=_("or full name of a new person"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone number of the new person"), max_length=30, required=False, help_text=_("Can be used to log in.")
    )
    username = forms.CharField(
        label=_("User name of the new person"),
        max_length=60,
        required=False,
        help_text=_("For logging in. Left empty, it is made from the name in pinyin."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("login")) == bool(cleaned.get("full_name")):
            raise ValidationError(_("Name the successor: either by the login of a known person, or as a new person."))
        return cleaned


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The user name or phone number and the password do not fit together."),
        "inactive": _("This account is closed."),
        "expired": _(
            "This first password was valid until %(until)s and has expired unused. Ask the administrator of your union "
            "or of the union above it for a new one."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name or phone number")
        self.fields["password"].label = _("Password")

    def confirm_login_allowed(self, user: Any) -> None:
        """Asked only after the right password: whoever guesses learns nothing from it."""
        super().confirm_login_allowed(user)
        if user.first_password_expired:
            until = date_format(timezone.localtime(user.password_expires_at), "DATETIME_FORMAT")
            raise ValidationError(self.error_messages["expired"], code="expired", params={"until": until})


class OwnPasswordForm(PasswordChangeForm):
    """A person's own new password: strong enough, and not the one that was on the slip."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new_password1") and cleaned.get("new_password1") == cleaned.get("old_password"):
            self.add_error("new_password1", _("The new password is the same as the old one."))
        return cleaned
