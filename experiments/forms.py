"""The result of a test as people type it: counts of two groups, money, guardrails."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.calculators import Arm

from .verdict import Guardrail

GUARDRAILS = 3
_MOST = 2_000_000_000


def _count(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=_MOST, **options)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class GuardrailForm(forms.Form):
    """A row is empty or whole."""

    name = forms.CharField(label=_("Neighbouring figure"), max_length=160, required=False)
    margin = forms.FloatField(label=_("Limit of harm, pp"), required=False, min_value=0, max_value=100)
    control_converted = _count(_("Control, of them"), required=False)
    control_total = _count(_("Control, people"), required=False)
    treatment_converted = _count(_("Variant, of them"), required=False)
    treatment_total = _count(_("Variant, people"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        filled = [value not in (None, "") for value in cleaned.values()]
        if any(filled) and not all(filled) and not self.errors:
            raise forms.ValidationError(_("Fill the whole row of the guardrail, or leave it empty."))
        return cleaned

    def guardrail(self) -> Guardrail | None:
        said = self.cleaned_data
        if not said.get("name"):
            return None
        control, treatment = (Arm(said[f"{arm}_converted"], said[f"{arm}_total"]) for arm in ("control", "treatment"))
        return Guardrail(said["name"], said["margin"] / 100, control, treatment)


class ResultForm(forms.Form):
    control_converted = _count(_("Control: converted"))
    control_total = _count(_("Control: people"))
    treatment_converted = _count(_("Variant: converted"))
    treatment_total = _count(_("Variant: people"))
    started_on = _day(_("Test began"))
    ended_on = _day(_("Test ended"))
    people_a_month = _count(_("People a month at this place"), required=False)
    value_of_one = forms.DecimalField(
        label=_("Value of one conversion"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    note = forms.CharField(label=_("Conclusion"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    is_interim = forms.BooleanField(label=_("Only an interim look: the hypothesis stays in work"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.guardrails = [GuardrailForm(data, prefix=f"guardrail{number}") for number in range(GUARDRAILS)]

    def is_valid(self) -> bool:
        """The guardrails as well; all complaints are collected."""
        mine, theirs = super().is_valid(), [form.is_valid() for form in self.guardrails]
        return mine and all(theirs)

    def values(self) -> dict[str, Any]:
        """By the names of the deed."""
        said = dict(self.cleaned_data)
        arms = {name: Arm(said.pop(f"{name}_converted"), said.pop(f"{name}_total")) for name in ("control", "treatment")}
        return said | arms | {"guardrails": [found for form in self.guardrails if (found := form.guardrail())]}
