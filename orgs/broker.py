"""The queue: django-q2's own in the database, except for how soon work of a killed worker is handed out again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf


class Broker(ORM):
    """Held back for the time that this order may take, not for that of the longest of all, and as much longer."""

    def timeout(self, task: Any) -> datetime:
        """Until when the order, an `OrmQ` row, belongs to whoever takes it now."""
        seconds = task.task.get("timeout") or Conf.TIMEOUT
        return timezone.now() + timedelta(seconds=seconds + Conf.RETRY - Conf.TIMEOUT)
