"""What people type about grades: a cycle's rules, rulings, third opinions, and how the table is filtered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.grading import Verdict
from assessments.models import Cycle, DayCount, QuotaBase, RulingKind, ToleranceAsks
from assessments.services.grading import Rules
from assessments.services.grading.opinions import TEXT_LENGTH
from assessments.services.grading.rules import MOST_DAYS, MOST_POINTS
from assessments.services.grading.rulings import REASON_LENGTH
from assessments.tolerance import Standing
from rubrics.scoring.numbers import format_points

HUNDRED = Decimal(100)


def _bare_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def _points(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=MOST_POINTS, decimal_places=2, help_text=help_text
    )


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_DAYS)


class RulesForm(forms.Form):
    """The rules of grading of a cycle. The share is typed in per cent."""

    quota_share = forms.DecimalField(
        label=gettext_lazy("Quota of the best band (%)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=HUNDRED,
        decimal_places=2,
        help_text=gettext_lazy("Empty: no quota. Seats are rounded down: a fifth of 4 is none, of 5 is one."),
    )
    quota_base = forms.ChoiceField(label=gettext_lazy("Per cent of what"), choices=QuotaBase.choices)
    quota_per_kind = forms.BooleanField(
        label=gettext_lazy("Each kind of organisation has seats of its own"),
        required=False,
        help_text=gettext_lazy("Otherwise all kinds stand in one row by their points."),
    )
    item_tolerance = _points(
        gettext_lazy("An item may differ by (points)"),
        gettext_lazy("From the stage before. Empty: by any number of points."),
    )
    total_tolerance = _points(gettext_lazy("The total may differ by (points)"), gettext_lazy("Empty: by any number."))
    tolerance_asks = forms.ChoiceField(
        label=gettext_lazy("What is asked for beyond that"), choices=ToleranceAsks.choices
    )
    notice_days = _days(gettext_lazy("Days of public notice"))
    notice_count = forms.ChoiceField(label=gettext_lazy("Counted as"), choices=DayCount.choices)
    recheck_days = _days(gettext_lazy("Days for settling an objection"))
    recheck_count = forms.ChoiceField(label=gettext_lazy("Counted as"), choices=DayCount.choices)

    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        now = {field.name: getattr(cycle, field.name) for field in fields(Rules)}
        share = now["quota_share"]
        now["quota_share"] = None if share is None else format_points(share * HUNDRED)
        for name in ("item_tolerance", "total_tolerance"):
            now[name] = format_points(now[name])
        super().__init__(data, initial=now)
        self.helper = _bare_helper()
        self.helper.layout = Layout(
            HTML(f"<h2>{_('Quota')}</h2>"),
            Row(Column("quota_share", css_class="col-md-6"), Column("quota_base", css_class="col-md-6")),
            "quota_per_kind",
            HTML(f"<h2>{_('How far stages may differ')}</h2>"),
            Row(*(Column(f"{what}_tolerance", css_class="col-md-6") for what in ("item", "total"))),
            "tolerance_asks",
            HTML(f"<h2>{_('Notice and objections')}</h2>"),
            *(
                Row(Column(f"{what}_days", css_class="col-md-6"), Column(f"{what}_count", css_class="col-md-6"))
                for what in ("notice", "recheck")
            ),
        )

    @property
    def rules(self) -> Rules:
        """What was said, once the form is valid."""
        said = dict(self.cleaned_data)
        share = said.pop("quota_share")
        return Rules(quota_share=None if share is None else share / HUNDRED, **said)


class RulingForm(forms.Form):
    """A ruling on one award: what may be ruled at all is one list of answers."""

    ruling = forms.ChoiceField(label=gettext_lazy("What shall be awarded"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The organisation reads it in the explanation of its result."),
    )

    def __init__(self, verdict: Verdict, data: Any = None) -> None:
        super().__init__(data)
        self.fields["ruling"].choices = list(_answers(verdict))  # type: ignore[attr-defined]
        self.helper = _bare_helper()

    @property
    def said(self) -> tuple[RulingKind, int | None, str]:
        kind, _sign, rank = self.cleaned_data["ruling"].partition(":")
        return RulingKind(kind), int(rank) if rank else None, self.cleaned_data["reason"]


def _answers(verdict: Verdict) -> Iterable[tuple[str, str]]:
    """Only what may be ruled: a seat where it ties for one, bands up to that of the points, or none."""
    if verdict.tied:
        yield RulingKind.SEAT.value, _("One of the last seats: %(band)s") % {"band": verdict.band}
    for band in verdict.scale.bands if verdict.scale else ():
        held = band.rank == verdict.awarded_rank and not verdict.tied
        if verdict.band_rank is not None and band.rank <= verdict.band_rank and not held:
            beyond = band.rank == verdict.band_rank and (verdict.limited or verdict.tied)
            label = _("%(band)s, beyond the quota") if beyond else "%(band)s"
            yield f"{RulingKind.OVERRIDE.value}:{band.rank}", label % {"band": band.name}
    if verdict.awarded_rank is not None:
        yield RulingKind.VETO.value, _("No band at all")


class OpinionForm(forms.Form):
    """What a third person says of one mark that is far from the stage before."""

    TOTAL = "-"

    about = forms.ChoiceField(label=gettext_lazy("About"))
    agrees = forms.TypedChoiceField(
        label=gettext_lazy("Your opinion"),
        choices=(("yes", gettext_lazy("I agree with the mark")), ("no", gettext_lazy("I don't agree with the mark"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What you found"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, found: Iterable[Standing], data: Any = None) -> None:
        super().__init__(data)
        self.fields["about"].choices = [(one.gap.key or self.TOTAL, str(one.gap)) for one in found]  # type: ignore[attr-defined]
        self.helper = _bare_helper()

    @property
    def said(self) -> dict[str, Any]:
        about = self.cleaned_data["about"]
        words = {name: self.cleaned_data[name] for name in ("agrees", "text")}
        return {"key": "" if about == self.TOTAL else about, **words}


class TableForm(forms.Form):
    """How the table of a cycle's grades is filtered, read from the address."""

    SHOWN = (
        ("", gettext_lazy("All")),
        ("decide", gettext_lazy("Waiting for a decision")),
        ("ruled", gettext_lazy("With a ruling")),
        ("limited", gettext_lazy("Limited by the quota")),
        ("failed", gettext_lazy("Not qualified")),
        ("unfinished", gettext_lazy("Without a final result")),
    )

    q = forms.CharField(required=False, max_length=60)
    kind = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    shown = forms.ChoiceField(required=False, choices=SHOWN)

    def __init__(self, verdicts: Iterable[Verdict], data: Any) -> None:
        super().__init__(data)
        self.kinds = {one.assessment.kind_id: one.assessment.kind for one in verdicts}
        self.fields["kind"].choices = [("", ""), *self.kinds.items()]  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())

    def of_kind(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        kind = self.cleaned_data.get("kind")
        return [one for one in verdicts if not kind or one.assessment.kind_id == kind]

    def matching(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        name, shown = "".join(self.cleaned_data.get("q", "").split()).lower(), self.cleaned_data.get("shown", "")
        wanted = FILTERS.get(shown)
        return [
            one
            for one in self.of_kind(verdicts)
            if (wanted is None or wanted(one))
            and (not name or name in one.assessment.name.lower() or name in one.assessment.sort_key)
        ]


FILTERS = {
    "decide": lambda one: one.tied or one.void or (one.ruling is not None and not one.ruling.confirmed),
    "ruled": lambda one: one.ruling is not None,
    "limited": lambda one: one.limited,
    "failed": lambda one: one.qualified is False,
    "unfinished": lambda one: not one.final,
}
