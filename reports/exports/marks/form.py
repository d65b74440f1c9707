"""What is asked for when all marks of a cycle are ordered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Cycle
from assessments.queries import visible_to
from assessments.workflow import Stage
from orgs.models import User
from reports.exports.forms import OrderForm
from reports.exports.marks import SPECS
from reports.exports.spec import Asked, ExportSpec

BY_KIND = {spec.kind: spec for spec in SPECS}


class MarksForm(OrderForm):
    """One kind at a time: each has a rubric of its own. Offers what the person sees."""

    field_order = ("kind", "branch", "stage", "file")
    kind = forms.TypedChoiceField(label=_("Kind"), coerce=int)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=(("", _("All stages that you may read")), *Stage.choices)
    )
    file = forms.ChoiceField(
        label=_("File"),
        choices=[(spec.kind, spec.label) for spec in SPECS],
        initial=SPECS[0].kind,
        widget=forms.RadioSelect,
    )

    def __init__(self, user: User, cycle: Cycle, data: Any = None) -> None:
        super().__init__(user, cycle, data)
        seen = visible_to(user).filter(cycle=cycle).order_by().values("kind")
        kinds = cycle.kinds.filter(rubric__isnull=False, kind__in=seen).select_related("kind")
        self.kinds = {one.kind_id: one.kind.name for one in kinds.order_by("kind__position", "kind_id")}
        self.fields["kind"].choices = list(self.kinds.items())  # type: ignore[attr-defined]

    @property
    def spec(self) -> ExportSpec:
        return BY_KIND[self.cleaned_data["file"]]

    @property
    def asked(self) -> Asked:
        """What was said, once the form is valid."""
        said, branch = self.cleaned_data, self.cleaned_data["branch"]
        chosen = {"kind": said["kind"], "branch": branch.pk if branch else None, "stage": said["stage"]}
        return {"cycle": self.cycle.pk, **chosen}

    @property
    def name_parts(self) -> tuple[str, ...]:
        """Which kind and branch the file is of."""
        said = self.cleaned_data
        return (self.kinds[said["kind"]], said["branch"].name if said["branch"] else "")
