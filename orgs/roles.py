"""What a person may be in an organisation. Data only: the workflow table and the permission predicates read it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    CLERK = "clerk", _("Clerk")
    CHAIR = "chair", _("Chair")
    DEPARTMENT_ASSESSOR = "department_assessor", _("Department assessor")
    ASSESSOR = "assessor", _("Assessor")
    REVIEWER = "reviewer", _("Reviewer")
    ADMIN = "admin", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
