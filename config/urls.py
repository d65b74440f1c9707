"""The site map: each app says its own part."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config.views import healthz

urlpatterns = [
    path("", include("orgs.urls")),
    path("", include("rubrics.urls")),
    path("", include("assessments.urls")),
    path("", include("reports.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
