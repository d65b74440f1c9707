"""What of other apps' admin pages is not offered here."""

from django.contrib import admin
from django_q import admin as _queue  # noqa: F401  # registers its pages, so that they can be taken back
from django_q.models import Schedule

admin.site.unregister(Schedule)  # names any function to be run: what is scheduled stands in code (assessments/apps.py)
