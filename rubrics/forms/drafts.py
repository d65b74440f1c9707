"""What is asked at the beginning and at the end of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orgs.files.fields import TableFileField
from orgs.models import Organization
from orgs.permissions import posts
from orgs.roles import Role
from rubrics.drafting.documents import TAKEN
from rubrics.forms.fields import WithoutTag, WordingField
from rubrics.models import TotalPolicy
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from decimal import Decimal

    from orgs.models import User


class ImportForm(WithoutTag, forms.Form):
    """The file as issued, and whose it is. What is left blank is taken from the file."""

    file = TableFileField(
        accept=TAKEN,
        label=_("File"),
        help_text=_("The Word or Excel table as it was issued: .docx, .xlsx or .doc."),
    )
    owner = forms.ModelChoiceField(Organization.objects.none(), label=_("For which union"), empty_label=None)
    title = WordingField(
        label=_("title"), max_length=120, required=False, help_text=_("Of the document. Blank: as in the file.")
    )
    number = WordingField(label=_("document number"), max_length=60, required=False)

    def __init__(self, user: User, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        administered = {post.seat_id for post in posts(user) if post.role == Role.ADMIN}
        owners = Organization.objects.filter(pk__in=administered, closed_on=None)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class PublishForm(WithoutTag, forms.Form):
    """How totals are read, asked only where the points do not add up to the declared total."""

    total_policy = forms.ChoiceField(label=_("How totals are read"), widget=forms.RadioSelect)

    def __init__(self, declared: Decimal | None, data: Any = None) -> None:
        super().__init__(data, initial={"total_policy": TotalPolicy.AS_PRINTED})
        if declared is None:
            del self.fields["total_policy"]
            return
        self.fields["total_policy"].choices = [  # type: ignore[attr-defined]
            (TotalPolicy.AS_PRINTED, _("As printed")),
            (TotalPolicy.SCALED, _("Scaled to %(points)s") % {"points": format_points(declared)}),
        ]
