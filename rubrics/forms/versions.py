"""What is asked where a rubric comes from another: for whom, into which document, compared with what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.files import Format
from orgs.files.fields import TableFileField
from orgs.models import Organization
from orgs.permissions import posts
from orgs.roles import Role
from rubrics.forms.fields import WithoutTag, WordingField
from rubrics.models import Document, Rubric
from rubrics.versions import may_overlay

if TYPE_CHECKING:
    from orgs.models import User


def administered(user: User) -> list[Organization]:
    """The open unions of which the person is an administrator."""
    keys = {post.seat_id for post in posts(user) if post.role == Role.ADMIN}
    return list(Organization.objects.filter(pk__in=keys, closed_on=None))


class PlaceForm(WithoutTag, forms.Form):
    """Where the new draft comes: into a new document of a union, or beside the rubrics of one that it has."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where to"),
        help_text=gettext_lazy("A cycle takes all its rubrics from one document: keep together what is used together."),
    )

    def __init__(self, unions: Iterable[Organization], data: Any = None) -> None:
        super().__init__(data)
        self.unions = {union.pk: union for union in unions}
        documents = Document.objects.filter(owner__in=self.unions).order_by("title")
        self.documents = {document.pk: document for document in documents}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            *((f"new-{pk}", _("New document of %(union)s") % {"union": one}) for pk, one in self.unions.items()),
            *((f"in-{pk}", _("Into “%(document)s”") % {"document": one}) for pk, one in self.documents.items()),
        ]

    @property
    def owner(self) -> Organization:
        document = self.document
        owner = document.owner_id if document else int(self.cleaned_data["place"].partition("-")[2])
        assert owner is not None  # noqa: S101  # by the choices
        return self.unions[owner]

    @property
    def document(self) -> Document | None:
        """The document to stand in; None: a new one."""
        kind, _dash, pk = self.cleaned_data["place"].partition("-")
        return self.documents[int(pk)] if kind == "in" else None


class CopyForm(PlaceForm):
    title = WordingField(label=gettext_lazy("title"), max_length=120)
    field_order = ("title", "place")

    def __init__(self, user: User, rubric: Rubric, data: Any = None) -> None:
        super().__init__(administered(user), data)
        self.fields["title"].initial = rubric.title


class OverlayForm(PlaceForm):
    def __init__(self, user: User, rubric: Rubric, data: Any = None) -> None:
        super().__init__((one for one in administered(user) if may_overlay(rubric, one)), data)


class WorkbookForm(WithoutTag, forms.Form):
    file = TableFileField(
        accept=(Format.XLSX,),
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("A rubric that was exported from here as .xlsx, and edited."),
    )
