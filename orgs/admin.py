"""Technical settings, for the system administrator. Everything that is written goes through `orgs.services`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export import resources

from orgs import services
from orgs.files.exchange import GuardedImportMixin
from orgs.models import Change, Membership, Organization, OrganizationKind, User
from orgs.names import clean_name, sort_key
from orgs.services.base import log
from orgs.services.passwords import VALID_FOR
from orgs.services.people import checked_phone, checked_username, refuse_taken_logins

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class KindResource(resources.ModelResource):
    class Meta:
        model = OrganizationKind
        fields = ("code", "name", "position")
        import_id_fields = ("code",)


@admin.register(OrganizationKind)
class OrganizationKindAdmin(GuardedImportMixin, admin.ModelAdmin):
    resource_classes = [KindResource]
    list_display = ("name", "code", "position")


class RefusalMixin:
    """Shows the sentence of a refusing service above the form; the transaction of the page is undone by then."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except services.Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect(request.path)


@admin.register(Organization)
class OrganizationAdmin(RefusalMixin, admin.ModelAdmin):
    """To look at, and the one place to add a top organisation. All else is done on the pages, lists included."""

    list_display = ("name", "kind", "level", "parent", "code", "closed_on")
    list_filter = ("level", "kind")
    list_select_related = ("kind", "parent")
    search_fields = ("name", "code", "sort_key")
    fields = ("name", "kind", "level", "code", "members", "contact", "phone")
    show_full_result_count = False

    def has_change_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, *_args: Any) -> None:
        made = services.create_organization(_person(request), None, **form.cleaned_data)
        obj.pk, obj.path = made.pk, made.path
        obj._state.adding = False


class PostInline(admin.TabularInline):
    """How the first administrator of a top organisation gets the post."""

    model = Membership
    extra = 0
    autocomplete_fields = ("organization",)
    raw_id_fields = ("department",)

    def has_change_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False


class PersonChangeForm(UserChangeForm):
    """Judges the logins as the services do: a phone number is nobody else's user name."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["full_name"] = clean_name(cleaned.get("full_name", ""))
            cleaned["phone"] = checked_phone(cleaned.get("phone"))
            cleaned["username"] = checked_username(cleaned.get("username", ""))
            refuse_taken_logins(User(pk=self.instance.pk, username=cleaned["username"], phone=cleaned["phone"]))
        except services.Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return cleaned


class PersonAddForm(PersonChangeForm):
    """Only the person; the initial password is shown once, after saving."""

    password = None  # type: ignore[assignment]  # Django's way to drop a field

    class Meta:
        model = User
        fields = ("full_name", "phone", "username")


class HandedOutPasswordForm(AdminPasswordChangeForm):
    """A password that somebody else chose is a first password: good for some days, and to be changed."""

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        self.user.password_expires_at = timezone.now() + VALID_FOR
        return super().save(commit)


@admin.register(User)
class PersonAdmin(RefusalMixin, UserAdmin):
    form = PersonChangeForm
    change_password_form = HandedOutPasswordForm
    add_form = PersonAddForm
    inlines = [PostInline]
    list_display = ("full_name", "username", "phone", "is_active", "is_staff", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("full_name", "username", "phone", "sort_key")
    ordering = ("sort_key", "pk")
    readonly_fields = ("last_login", "date_joined", "must_change_password", "password_expires_at")
    filter_horizontal = ()
    show_full_result_count = False
    fieldsets = (
        (
            None,
            {"fields": ("full_name", "phone", "username", "password", "must_change_password", "password_expires_at")},
        ),
        (_("Account"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("full_name", "phone", "username")}),)

    def has_delete_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False  # accounts are closed: what people did keeps their name

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        if not change:
            made = services.create_person(_person(request), obj.full_name, (), obj.phone or "", obj.username)
            obj.__dict__.update(made.person.__dict__)
            messages.warning(
                request, _("Initial password, shown only here: %(password)s") % {"password": made.password}
            )
            return
        before = User.objects.get(pk=obj.pk)
        obj.sort_key = sort_key(obj.full_name)
        super().save_model(request, obj, form, change)
        log(_person(request), obj, {name: (getattr(before, name), getattr(obj, name)) for name in form.changed_data})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:  # noqa: ARG002  # Django's call
        for post in formset.save(commit=False):
            services.grant(_person(request), post.user, post.organization, post.role, post.department)
        for post in formset.deleted_objects:
            services.revoke(_person(request), post)


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    list_display = ("at", "by", "subject", "name", "field", "old", "new")
    list_select_related = ("by",)
    search_fields = ("name",)
    show_full_result_count = False

    def has_add_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError(request.user)
    return request.user
