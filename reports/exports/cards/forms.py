"""Which cards somebody wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orgs.models import OrganizationKind
from reports.exports.forms import OrderForm

if TYPE_CHECKING:
    from assessments.models import Cycle
    from orgs.models import User
    from reports.exports.spec import Asked

FINAL = "final"


class CardsForm(OrderForm):
    """Read from the address; what is no answer means all of them."""

    kind = forms.ModelChoiceField(
        OrganizationKind.objects.none(), label=_("Kind"), required=False, empty_label=_("All kinds")
    )
    which = forms.ChoiceField(
        label=_("Which cards"),
        choices=[("", _("All, as they stand now")), (FINAL, _("Only final results"))],
        required=False,
    )

    def __init__(self, user: User, cycle: Cycle, data: Any) -> None:
        super().__init__(user, cycle, data)
        kinds = OrganizationKind.objects.filter(pk__in=cycle.kinds.values("kind"))
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]
        self.label_suffix = ""

    @property
    def asked(self) -> Asked:
        """What a spec reads."""
        self.is_valid()
        said = self.cleaned_data
        keys = {name: said[name].pk if said.get(name) else None for name in ("branch", "kind")}
        return {"cycle": self.cycle.pk, **keys, "final": said.get("which") == FINAL}
