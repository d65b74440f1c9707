"""How a row's points come about: the kinds are chosen first, then only their parameters are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rubrics.blueprint import Blueprint, ItemPlan, MeasurePlan, TierPlan
from rubrics.drafting import edits
from rubrics.drafting.edits import Ruling
from rubrics.forms.fields import NumberField, WithoutTag, WordingField
from rubrics.models import CLAIMABLE, BaseRule, BonusRule, Electorate, Gate, MeasureRole

COUNT = Decimal("9999999999.99")
ZERO, ONE = Decimal(0), Decimal(1)
SPARE = 2
"""Blank rows offered beside those that are filled in."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a rule asks for: the fields of each thing it counts, with their words, and whether there is only one."""

    fields: dict[str, Any]
    single: bool = False
    tiers: bool = False


WHAT, UNIT, STEP = _("What is counted"), _("Unit"), _("In steps of")
SHAPES: dict[str, Shape] = {
    BaseRule.DEDUCT_PER_UNIT: Shape({"label": WHAT, "unit": UNIT, "amount": _("Points off for each")}),
    BaseRule.SUM_OF_PARTS: Shape({"label": _("Name of the part"), "amount": _("Points of the part"), "step": STEP}),
    BaseRule.TIERS: Shape({"label": WHAT, "unit": UNIT, "step": STEP}, single=True, tiers=True),
    BaseRule.TIERS_DOWN: Shape({"label": WHAT, "unit": UNIT, "step": STEP}, single=True, tiers=True),
    BaseRule.RATE: Shape({"label": WHAT, "unit": UNIT, "per": _("Target"), "step": STEP}, single=True),
    BaseRule.N_OF_M: Shape({"label": _("What must be met")}),
    BaseRule.LEVELS: Shape({"label": _("Name of the level"), "amount": _("Points of the level")}),
    BaseRule.SEVERAL_SCORERS: Shape({"office": _("Department"), "amount": _("Weight")}),
    BonusRule.ADD_PER_UNIT: Shape(
        {
            "label": WHAT,
            "unit": UNIT,
            "amount": _("Points for each"),
            "per": _("for each so many"),
            "above": _("only above"),
            "step": STEP,
        }
    ),
    BonusRule.HIGHEST_LEVEL: Shape({"label": _("Name of the level"), "amount": _("Points of the level")}),
    BonusRule.TAKE_PER_UNIT: Shape({"label": WHAT, "unit": UNIT, "amount": _("Points off for each")}),
}

UNITS: dict[str, str] = {
    BaseRule.SUM_OF_PARTS: "分",
    BaseRule.LEVELS: "次",
    BonusRule.HIGHEST_LEVEL: "次",
    BaseRule.N_OF_M: "项",
}
"""What is counted where the rule does not ask for a unit."""


class KindsForm(forms.Form):
    """The first step. A row with base points and a bonus has both; a gate has neither."""

    rule = forms.ChoiceField(label=_("How base points come about"), choices=BaseRule.choices)
    bonus_rule = forms.ChoiceField(label=_("Beyond the base points"), choices=BonusRule.choices)
    gate = forms.ChoiceField(label=_("Gate"), choices=Gate.choices, required=False)

    def __init__(self, data: Any, item: ItemPlan) -> None:
        stored = {"rule": item.rule, "bonus_rule": item.bonus_rule, "gate": item.gate}
        super().__init__({name: data.get(name, value) for name, value in stored.items()})
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    @property
    def chosen(self) -> dict[str, str]:
        """The kinds, unknown ones as what stands for a row that a person judges; a gate rules out the others."""
        said = self.cleaned_data if self.is_valid() else {"rule": "judged", "bonus_rule": "none", "gate": ""}
        if said["gate"]:
            return {"rule": BaseRule.NONE.value, "bonus_rule": BonusRule.NONE.value, "gate": said["gate"]}
        return dict(said)


class MeasureForm(forms.Form):
    """One thing that a rule counts. A row left blank is none."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    label = WordingField(max_length=60, required=False)
    unit = WordingField(max_length=10, required=False)
    amount = NumberField(required=False)
    per = NumberField(required=False, most=COUNT)
    above = NumberField(required=False, most=COUNT)
    step = NumberField(required=False, most=COUNT)
    office = forms.ChoiceField(required=False)

    LEADS = ("label", "office")
    """By these a row is known to be filled in."""

    def __init__(self, *args: Any, shape: Shape, offices: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].choices = [("", "—"), *((name, name) for name in offices)]  # type: ignore[attr-defined]
        for name in list(self.fields):
            if name == "was":
                continue
            if name not in shape.fields:
                del self.fields[name]
                continue
            self.fields[name].label = shape.fields[name]
            css = "form-select form-select-sm" if name == "office" else "form-control form-control-sm"
            self.fields[name].widget.attrs |= {"class": css, "aria-label": str(shape.fields[name])}

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.is_filled:
            return said
        if "amount" in self.fields and said.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", gettext("Say how many points."))
        if "label" in self.fields and not said.get("label"):
            self.add_error("label", gettext("Say what is counted."))
        for name in ("per", "step"):
            if said.get(name) is not None and said[name] <= 0:
                self.add_error(name, gettext("This must be more than 0."))
        return said

    @property
    def is_filled(self) -> bool:
        shown = [name for name in self.fields if name != "was"]
        leads = [name for name in self.LEADS if name in shown]
        return any(self.cleaned_data.get(name) for name in [*leads, "amount"])

    def plan(self, role: str, key: str, unit: str, step: Decimal) -> MeasurePlan:
        said = self.cleaned_data
        return MeasurePlan(
            key=key,
            role=role,
            label=said.get("label") or said.get("office") or "",
            unit=said.get("unit") or unit,
            amount=said.get("amount") or ZERO,
            per=said.get("per") or ONE,
            above=said.get("above") or ZERO,
            step=said.get("step") or step,
            office=said.get("office") or "",
        )


class TierForm(forms.Form):
    bound = NumberField(label=_("Bound"), required=False, most=COUNT)
    points = NumberField(label=_("points"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control form-control-sm", "aria-label": str(field.label)}

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and (said.get("bound") is None) != (said.get("points") is None):
            self.add_error(None, gettext("A tier needs both its bound and its points."))
        return said


class RuleForm(WithoutTag, forms.Form):
    """The second step: the parameters of the chosen kinds, what they count, and the tiers."""

    LINES = (("points", "needed", "floor"), ("bonus_cap", "cap"))

    points = NumberField(label=_("Base points"))
    needed = forms.IntegerField(label=_("So many conditions earn the whole"), min_value=1, max_value=99)
    bonus_cap = NumberField(
        label=_("At most altogether"), required=False, help_text=_("Blank: the document sets no limit.")
    )
    claimed = forms.BooleanField(
        label=_("Claimed one by one"),
        required=False,
        help_text=_("Each with its occasion, day and proof, instead of how many there are."),
    )
    floor = NumberField(
        label=_("Down to"), required=False, signed=True, help_text=_("0 or below, such as -5. Blank: see the kind.")
    )
    cap = forms.ChoiceField(label=_("counts towards the common limit"), required=False)
    electorate = forms.ChoiceField(label=_("Decided by a ballot among"), choices=Electorate.choices, required=False)
    question = WordingField(label=_("What is asked, yes or no"), max_length=60)

    def __init__(self, blueprint: Blueprint, item: ItemPlan, kinds: dict[str, str], data: Any = None) -> None:
        asked = next((one.label for one in item.measures if one.role == MeasureRole.GATE), "")
        initial = {
            name: getattr(item, name)
            for name in ("points", "needed", "bonus_cap", "claimed", "floor", "cap", "electorate")
        }
        super().__init__(data, initial=initial | {"question": asked or item.text[:60]})
        self.blueprint, self.item, self.kinds = blueprint, item, kinds
        self.fields["cap"].choices = [("", "—"), *((one.name, one.name) for one in blueprint.caps)]  # type: ignore[attr-defined]
        for name in set(self.fields) - self._asked():
            del self.fields[name]
        self.base = self._counted(MeasureRole.BASE, kinds["rule"], data)
        self.bonus = self._counted(MeasureRole.BONUS, kinds["bonus_rule"], data)
        self.tiers = self._tiers(data)

    def is_valid(self) -> bool:
        whole = super().is_valid()
        parts = [part.is_valid() for part in (self.base, self.bonus, self.tiers) if part is not None]
        return whole and all(parts) and self._complete()

    @property
    def ruling(self) -> Ruling:
        """What was said, once the form is valid."""
        said = self.cleaned_data
        return Ruling(
            **self.kinds,
            points=said.get("points"),
            needed=said.get("needed"),
            bonus_cap=said.get("bonus_cap"),
            claimed=said.get("claimed", False),
            floor=said.get("floor"),
            cap=said.get("cap", ""),
            electorate=said.get("electorate", ""),
            measures=self._measures(),
        )

    def edit(self, blueprint: Blueprint) -> Blueprint:
        return edits.set_rule(blueprint, self.item.key, self.ruling)

    def _asked(self) -> set[str]:
        rule, bonus, gate = self.kinds["rule"], self.kinds["bonus_rule"], self.kinds["gate"]
        beyond = bonus != BonusRule.NONE or rule == BaseRule.DEDUCT_PER_UNIT
        wanted = {
            "points": rule != BaseRule.NONE,
            "needed": rule == BaseRule.N_OF_M,
            "bonus_cap": bonus in CLAIMABLE,
            "claimed": bonus in CLAIMABLE,
            "floor": rule == BaseRule.DEDUCT_PER_UNIT or bonus == BonusRule.TAKE_PER_UNIT,
            "cap": beyond and bool(self.blueprint.caps),
            "electorate": rule != BaseRule.NONE,
            "question": bool(gate),
        }
        return {name for name, asked in wanted.items() if asked}

    def _counted(self, role: str, kind: str, data: Any) -> Any:
        shape = SHAPES.get(kind)
        if shape is None:
            return None
        stored = [
            {"was": one.key, **{name: getattr(one, name) for name in shape.fields}}
            for one in self.item.measures
            if one.role == role
        ]
        stored = stored[:1] if shape.single else stored
        extra = (0 if stored else 1) if shape.single else SPARE
        form_set = forms.formset_factory(MeasureForm, extra=extra, max_num=60)
        return form_set(
            data, prefix=str(role), initial=stored, form_kwargs={"shape": shape, "offices": self.blueprint.offices}
        )

    def _tiers(self, data: Any) -> Any:
        shape = SHAPES.get(self.kinds["rule"])
        if shape is None or not shape.tiers:
            return None
        scale = next((one.tiers for one in self.item.measures if one.role == MeasureRole.BASE), ())
        stored = [{"bound": tier.bound, "points": tier.points} for tier in scale]
        extra = max(SPARE, 5 - len(stored))
        return forms.formset_factory(TierForm, extra=extra, max_num=60)(data, prefix="tier", initial=stored)

    def _measures(self) -> tuple[MeasurePlan, ...]:
        if self.kinds["gate"]:
            return (edits.gate_measure(self.cleaned_data["question"]),)
        base = self._plans(self.base, MeasureRole.BASE, self.kinds["rule"])
        if self.tiers is not None and base:
            base = [replace(base[0], tiers=self._scale())]
        return (*base, *self._plans(self.bonus, MeasureRole.BONUS, self.kinds["bonus_rule"]))

    def _plans(self, form_set: Any, role: str, kind: str) -> list[MeasurePlan]:
        filled = [form for form in form_set or () if form.is_filled]
        taken = {form.cleaned_data.get("was") for form in filled}
        free = (key for key in (f"{role}{number}" for number in range(1, 999)) if key not in taken)
        return [
            form.plan(str(role), form.cleaned_data.get("was") or next(free), UNITS.get(kind, ""), self._step(kind))
            for form in filled
        ]

    def _step(self, kind: str) -> Decimal:
        """Parts are points, in the rubric's steps; everything else is counted in whole ones."""
        return self.blueprint.step if kind == BaseRule.SUM_OF_PARTS else ONE

    def _scale(self) -> tuple[TierPlan, ...]:
        said = [form.cleaned_data for form in self.tiers if form.cleaned_data.get("bound") is not None]
        return tuple(sorted((TierPlan(one["bound"], one["points"]) for one in said), key=lambda tier: -tier.bound))

    def _complete(self) -> bool:
        """Each rule that counts has something to count."""
        for form_set in (self.base, self.bonus):
            if form_set is not None and not any(form.is_filled for form in form_set):
                self.add_error(None, gettext("Say what the rule counts."))
        if self.tiers is not None and not self._scale():
            self.add_error(None, gettext("Fill in at least one tier."))
        return not self.errors
