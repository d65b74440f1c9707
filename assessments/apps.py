from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate, pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
    """After each `migrate`: the daily jobs stand in the table once, and go on with the day they had come to."""
    from django_q.models import Schedule

    if Schedule._meta.db_table not in connection.introspection.table_names():
        return  # only some app was migrated
    for name, (job, hour) in EVERY_DAY.items():
        today = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
        first = today if today > timezone.localtime() else today + timedelta(days=1)
        said = {"func": "orgs.background.run", "args": repr((job,)), "schedule_type": Schedule.DAILY}
        Schedule.objects.update_or_create(name=name, defaults=said, create_defaults={**said, "next_run": first})
