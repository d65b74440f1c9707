"""Logging in and out, and one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from orgs import acting, services
from orgs.forms import LoginForm, OwnPasswordForm
from orgs.views.fetch import Request

if TYPE_CHECKING:
    from django.http import HttpResponse

login = views.LoginView.as_view(
    template_name="orgs/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
)
logout = views.LogoutView.as_view()


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: Request) -> HttpResponse:
    must = request.user.must_change_password
    form = OwnPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        services.change_own_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)  # other sessions of the person end
        messages.success(request, _("Your password was changed."))
        return redirect("home")
    return render(request, "orgs/password_change.html", {"form": form, "must": must})


@require_POST
def act_for(request: Request) -> HttpResponse:
    """Narrow what pages list to one of one's organisations, or to none in particular; back to where one was."""
    acting.choose(request, request.POST.get("organization", ""))
    back = request.POST.get("next", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if safe else "home")
