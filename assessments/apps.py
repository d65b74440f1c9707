from django.apps import AppConfig
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from assessments import guard
        from assessments.models import Notice, Snapshot, SnapshotRow

        for model in (Snapshot, SnapshotRow, Notice):
            pre_save.connect(guard.refuse_to_save, sender=model)
            pre_delete.connect(guard.refuse_to_delete, sender=model)
