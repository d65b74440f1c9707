from django.apps import AppConfig
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class RubricsConfig(AppConfig):
    name = "rubrics"
    verbose_name = _("Rubrics")

    def ready(self) -> None:
        from rubrics import guard
        from rubrics.models import Item, NaturalKey

        for model in (model for model in self.get_models() if issubclass(model, NaturalKey)):
            pre_save.connect(guard.refuse_to_save, sender=model)
            pre_delete.connect(guard.refuse_to_delete, sender=model)
        m2m_changed.connect(guard.refuse_to_relate, sender=Item.audiences.through)
