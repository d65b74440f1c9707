from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _

from orgs import background

EVERY_DAY = {"daily reminders": ("assessments.services.daily.remind", 7)}
"""Name in the table of schedules: the job, and the hour."""


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from django.apps import apps

        from assessments import guard
        from assessments.models import Notice, Snapshot, SnapshotRow

        for model in (Snapshot, SnapshotRow, Notice):
            pre_save.connect(guard.refuse_to_save, sender=model)
            pre_delete.connect(guard.refuse_to_delete, sender=model)
        post_migrate.connect(keep_schedules, apps.get_app_config("django_q"), dispatch_uid="assessments.schedules")


def keep_schedules(**_sent: Any) -> None:
    """After each `migrate`: the daily jobs stand in the table once."""
    for name, (job, hour) in EVERY_DAY.items():
        background.every_day(name, job, hour)
