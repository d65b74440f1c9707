from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from orgs import background


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from django.apps import apps

        post_migrate.connect(keep_schedules, apps.get_app_config("django_q"), dispatch_uid="reports.schedules")


def keep_schedules(**_sent: Any) -> None:
    """After each `migrate`: the daily job stands in the table once."""
    background.every_day("old files", "reports.exports.expiry.tidy", 3)
