"""What people type into the ordinary forms. Marks are not here: the scoring grid has its own way."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.listing import Wanted, branches
from assessments.models import Cycle, Superior
from assessments.queries import cycles_visible_to
from assessments.services.cycles import Choice, KindCount, documents_for, needs_total_policy, printed_total
from assessments.services.moves import REASON_LENGTH
from assessments.workflow import Move, State
from orgs.models import Organization, OrganizationKind, User
from orgs.permissions import posts
from orgs.queries import in_subtree, subtree
from orgs.roles import Role
from rubrics.models import ColumnSource, Document, Rubric, TotalPolicy
from rubrics.rows import Row as Item
from rubrics.scoring.numbers import format_points

DEADLINES = ("self_deadline", "assess_deadline", "review_deadline")

MATCHES = 8
"""Organisations offered when a typed name fits several."""


class FilterForm(forms.Form):
    """The filters of the list of assessments, read from the address. The template writes its fields itself."""

    q = forms.CharField(required=False, max_length=60)
    cycle = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(required=False, choices=[("", ""), *State.choices])
    kind = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    branch = forms.IntegerField(required=False, min_value=1)
    within = forms.CharField(required=False, max_length=60)
    overdue = forms.BooleanField(required=False)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.cycles = dict(cycles_visible_to(user).values_list("pk", "name")[:100])
        self.kinds = dict(OrganizationKind.objects.values_list("pk", "name"))
        self.fields["cycle"].choices = [("", ""), *self.cycles.items()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", ""), *self.kinds.items()]  # type: ignore[attr-defined]
        self.offered: list[Organization] = []

    def clean_branch(self) -> Organization | None:
        pk = self.cleaned_data["branch"]
        if not pk:
            return None
        branch = branches(self.user).filter(pk=pk).first()
        if branch is None:
            raise ValidationError(gettext("There is no such branch among your organisations."))
        return branch

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("within", "")
        if typed and "branch" not in self.errors:
            self.cleaned_data["branch"] = self._branch_called(typed)
        return self.cleaned_data

    def _branch_called(self, typed: str) -> Organization | None:
        found = find_organizations(branches(self.user), typed)
        if len(found) == 1:
            return found[0]
        self.offered = found
        told = gettext("Several organisations fit “%(name)s”. Choose one:") if found else NO_SUCH_ORGANIZATION
        self.add_error("within", str(told) % {"name": typed})
        return None

    @property
    def wanted(self) -> Wanted:
        """What was asked for, once the form is valid."""
        said = self.cleaned_data
        return Wanted(
            name=said["q"].strip(),
            cycle=said["cycle"],
            state=said["state"],
            kind=said["kind"],
            branch=said["branch"],
            overdue=said["overdue"],
        )


NO_SUCH_ORGANIZATION = _("No organisation is called “%(name)s”.")


def find_organizations(among: Any, typed: str) -> list[Organization]:
    """The organisations of exactly this name, else some whose name, pinyin or initials contain what was typed."""
    name = "".join(typed.split())
    exact = list(among.filter(name=name)[:MATCHES])
    if exact:
        return exact
    part = (
        Q(sort_key__contains=name.lower()) | Q(name__contains=typed.strip())
        if name.isascii()
        else Q(name__contains=name)
    )
    return list(among.filter(part).order_by("path")[:MATCHES])


class MoveForm(forms.Form):
    """Reason and named items of a move, each only where the edge of the workflow table has it.

    `seen` is the state that the page showed: a second click must not take a second step. `explains`: that the total is
    far from the stage before needs its reason here.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=REASON_LENGTH)
    items = forms.MultipleChoiceField(label=_("Items"), required=False)

    def __init__(self, edge: Move, lines: tuple[Item, ...], data: Any = None, *, explains: bool = False) -> None:
        super().__init__(data, initial={"seen": edge.source})
        if not edge.needs_reason and not explains:
            del self.fields["reason"]
        if edge.may_name_items:
            self.fields["items"].choices = [(row.key, row.key) for row in lines]  # type: ignore[attr-defined]
        else:
            del self.fields["items"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DeadlinesForm(forms.Form):
    """The last day of each stage."""

    self_deadline = forms.DateField(label=_("Self-score until"), widget=date_input())
    assess_deadline = forms.DateField(label=_("Assessment until"), widget=date_input())
    review_deadline = forms.DateField(label=_("Review until"), required=False, widget=date_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        days = [self.cleaned_data.get(name) for name in DEADLINES]
        given = [day for day in days if day]
        if given != sorted(given):
            self.add_error(None, gettext("The deadlines must follow each other: self-score, assessment, review."))
        return self.cleaned_data

    @property
    def days(self) -> dict[str, Any]:
        """The deadlines by the names that services know, once the form is valid."""
        return {name: self.cleaned_data[name] for name in DEADLINES}


class CycleForm(DeadlinesForm):
    """The first step towards a cycle: who, where, by which document, until when."""

    owner = forms.ModelChoiceField(Organization.objects.none(), label=_("Deciding union"), empty_label=None)
    within = forms.CharField(
        label=_("Branch"),
        required=False,
        max_length=120,
        help_text=_(
            "Name of the union whose branch is assessed. Leave it empty for everything under the deciding union."
        ),
        widget=forms.TextInput(attrs={"list": "branches", "autocomplete": "off"}),
    )
    document = forms.ModelChoiceField(Document.objects.none(), label=_("Document"), empty_label=_("Please choose"))
    name = forms.CharField(label=_("Name"), max_length=120)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)

    field_order = ("owner", "within", "document", "name", "year", *DEADLINES)

    def __init__(self, user: User, data: Any = None, owner: int | None = None) -> None:
        super().__init__(data, initial={"year": timezone.localdate().year, "owner": owner})
        administered = {post.seat_id for post in posts(user) if post.role == Role.ADMIN}
        self.fields["owner"].queryset = Organization.objects.filter(pk__in=administered)  # type: ignore[attr-defined]
        published = Rubric.objects.filter(document=OuterRef("pk"), published_at__isnull=False)
        usable = documents_for(*self.fields["owner"].queryset)  # type: ignore[attr-defined]
        self.fields["document"].queryset = usable.filter(Exists(published))  # type: ignore[attr-defined]
        self.fields["review_deadline"].help_text = _("Only for documents with a review column.")
        self.helper.layout = Layout(
            *("owner", "within", "document"),
            Row(Column("name", css_class="col-md-9"), Column("year", css_class="col-md-3")),
            Row(*(Column(name, css_class="col-md-4") for name in DEADLINES)),
        )

    @property
    def suggested(self) -> list[str]:
        """Names of the unions below those the person administers that have organisations of their own under them."""
        reach = Q(pk__in=())
        for owner in self.fields["owner"].queryset:  # type: ignore[attr-defined]
            reach |= in_subtree(owner.path)
        above = Organization.objects.filter(reach, Exists(Organization.objects.filter(parent=OuterRef("pk"))))
        return list(above.order_by("path").values_list("name", flat=True)[:200])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("owner"):
            said["branch"] = self._branch(said["owner"], said.get("within", ""))
        document = said.get("document")
        if document and said.get("owner") and not documents_for(said["owner"]).filter(pk=document.pk).exists():
            self.add_error("document", gettext("A cycle goes by documents of its own union or of a union above it."))
        if document and not said.get("review_deadline") and "review_deadline" not in self.errors and _reviews(document):
            self.add_error(
                "review_deadline", gettext("The rubrics of this document have a review column: please set a day.")
            )
        name = said.get("name", "")
        if said.get("owner") and Cycle.objects.filter(owner=said["owner"], name=name).exists():
            self.add_error("name", gettext("There is already a cycle called “%(name)s”.") % {"name": name})
        return said

    @property
    def plan(self) -> dict[str, Any]:
        """What a Plan needs besides its choices, once the form is valid."""
        said = self.cleaned_data
        return {name: said[name] for name in ("name", "year", "owner", "branch", "document")} | self.days

    def _branch(self, owner: Organization, typed: str) -> Organization | None:
        if not typed:
            return owner
        found = find_organizations(subtree(owner), typed)
        if len(found) == 1:
            return found[0]
        told = (
            gettext("Several organisations fit: %(names)s. Type one of them in full.")
            if found
            else NO_SUCH_ORGANIZATION
        )
        self.add_error("within", str(told) % {"name": typed, "names": "、".join(one.name for one in found)})
        return None


def _reviews(document: Document) -> bool:
    return document.rubrics.filter(published_at__isnull=False, columns__source=ColumnSource.REVIEW).exists()


LEFT_OUT = "none"


class RubricsForm(forms.Form):
    """The second step: what each kind in the branch gets, and how totals are read.

    Where printed points contradict the declared total a choice is asked for, “as printed” preselected. A kind that
    the document maps to no rubric has no preselection: it must be decided, be it by leaving it out.

    two_superiors  how many organisations have a second superior; where there are any, who assesses them is asked
    """

    def __init__(self, kinds: list[KindCount], document: Document, data: Any = None, two_superiors: int = 0) -> None:
        super().__init__(data)
        self.kinds = kinds
        self.two_superiors = two_superiors
        if two_superiors:
            self.fields["superior"] = forms.ChoiceField(
                choices=[
                    (Superior.TERRITORIAL, _("The territorial union, which stands directly above it")),
                    (Superior.INDUSTRIAL, _("The industrial union")),
                ],
                initial=Superior.TERRITORIAL,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
        published = document.rubrics.filter(published_at__isnull=False).order_by("position", "code", "-version")
        self.rubrics = {rubric.pk: rubric for rubric in published}
        offered = [(str(pk), self._label(rubric)) for pk, rubric in self.rubrics.items()]
        for entry in kinds:
            preset = [] if entry.rubric else [("", _("Please choose"))]
            self.fields[f"kind-{entry.kind.pk}"] = forms.ChoiceField(
                label=entry.kind.name,
                choices=[*preset, *offered, (LEFT_OUT, _("Not assessed"))],
                initial=str(entry.rubric.pk) if entry.rubric else "",
                error_messages={"required": _("Choose a rubric, or leave this kind out on purpose.")},
                widget=forms.Select(attrs={"class": "form-select", "aria-label": entry.kind.name}),
            )
        self.contradictions = [rubric for rubric in self.rubrics.values() if needs_total_policy(rubric)]
        for rubric in self.contradictions:
            self.fields[f"total-{rubric.pk}"] = forms.ChoiceField(
                label=str(rubric),
                choices=[
                    (TotalPolicy.AS_PRINTED, _("As printed")),
                    (TotalPolicy.SCALED, _("Scaled to %(points)s") % {"points": format_points(rubric.declared_total)}),
                ],
                initial=TotalPolicy.AS_PRINTED,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )

    @staticmethod
    def _label(rubric: Rubric) -> str:
        return f"{rubric} ({rubric.version})" if rubric.version > 1 else str(rubric)

    @property
    def lines(self) -> list[tuple[KindCount, forms.BoundField]]:
        return [(entry, self[f"kind-{entry.kind.pk}"]) for entry in self.kinds]

    @property
    def questions(self) -> list[tuple[Rubric, str, str, forms.BoundField]]:
        """Rubric, printed sum, declared total and the field that asks how its totals are read."""
        return [
            (
                rubric,
                format_points(printed_total(rubric)),
                format_points(rubric.declared_total),
                self[f"total-{rubric.pk}"],
            )
            for rubric in self.contradictions
        ]

    @property
    def assessing(self) -> str:
        """Who assesses organisations with two superiors, once the form is valid."""
        return str(self.cleaned_data.get("superior", Superior.TERRITORIAL))

    @property
    def choices(self) -> dict[int, Choice]:
        """What was decided, by kind, once the form is valid."""
        return {entry.kind.pk: self._choice(self.cleaned_data[f"kind-{entry.kind.pk}"]) for entry in self.kinds}

    def _choice(self, value: str) -> Choice:
        if value == LEFT_OUT:
            return Choice(None)
        rubric = self.rubrics[int(value)]
        return Choice(rubric, self.cleaned_data.get(f"total-{rubric.pk}", ""))
