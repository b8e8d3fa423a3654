"""What people type about personas and about a map as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership

from .models import JourneyMap, Metric, Persona

CURRENCIES = [("RUB", "₽ RUB"), ("USD", "$ USD"), ("EUR", "€ EUR"), ("KZT", "₸ KZT"), ("BYN", "Br BYN")]
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LONGEST = 300


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [line.strip()[:LONGEST] for line in text.splitlines() if line.strip()]


class TraitsField(forms.CharField):
    """Traits from -100 to 100, one a line: "Caution: 60"."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{trait['name']}: {trait['value']}" for trait in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        text: str = super().clean(value)
        return [self._trait(line) for line in text.splitlines() if line.strip()]

    def _trait(self, line: str) -> dict[str, Any]:
        name, _colon, number = line.rpartition(":")
        number = number.strip().replace("−", "-")
        if not name.strip() or not number.lstrip("-").isdecimal() or len(number) > 4 or not -100 <= int(number) <= 100:
            raise forms.ValidationError(_("Write a trait as “Caution: 60”, from −100 to 100."))
        return {"name": name.strip()[:80], "value": int(number)}


class PersonaForm(forms.ModelForm):  # type: ignore[type-arg]
    goals = LinesField(label=_("Goals"), required=False, help_text=_("One a line"))
    pains = LinesField(label=_("Pains"), required=False, help_text=_("What keeps this person awake; one a line"))
    motivations = LinesField(
        label=_("Motivations"), required=False, help_text=_("Revenue growth, lower costs, career; one a line")
    )
    information_sources = LinesField(
        label=_("How they look for solutions"), required=False, help_text=_("Search, peers, industry events; one a line")
    )
    traits = TraitsField(label=_("Traits"), required=False, help_text=_("One a line, from −100 to 100: “Caution: 60”"))
    buying_influence = forms.CharField(label=_("Influence on the purchase"), required=False, max_length=160)

    class Meta:
        model = Persona
        fields = [
            "name", "job_title", "company_size", "decision_role", "jtbd", "goals", "pains", "motivations",
            "information_sources", "objections", "selection_criteria", "decision_speed", "buying_influence", "quote", "bio",
            "traits",
        ]  # fmt: skip
        widgets = {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("jtbd", "objections", "selection_criteria", "quote", "bio")
        }
        labels = {"name": _("Persona's name")}
        help_texts = {
            "name": _("A name or a group: “Sergey”, “Adults, a new profession”"),
            "company_size": _("What kind of company, how many people"),
            "jtbd": _("When …, I want …, so that …"),
        }

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class MapSettingsForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=JourneyMap.Kind.choices)
    scenario = forms.CharField(label=_("Scenario"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    scope_from = forms.CharField(label=_("Begins with"), required=False, max_length=200)
    scope_to = forms.CharField(label=_("Ends with"), required=False, max_length=200)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Membership.objects.none(), required=False, empty_label=_("No owner")
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[choice for choice in JourneyMap.Status.choices if choice[0] != JourneyMap.Status.ARCHIVED]
    )
    language = forms.ChoiceField(label=_("Language of the map"), choices=LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    average_cheque = forms.DecimalField(
        label=_("Average cheque"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("For the price of losses"),
    )
    north_star: Any = forms.ModelChoiceField(
        label=_("North Star metric"), queryset=None, required=False, empty_label=_("Not chosen")
    )
    light_review_every_days = forms.IntegerField(label=_("Short review, every … days"), min_value=1, max_value=3650)
    deep_review_every_days = forms.IntegerField(label=_("Deep review, every … days"), min_value=1, max_value=3650)

    def __init__(self, data: Any = None, *, map: JourneyMap) -> None:
        super().__init__(data, initial={name: getattr(map, name) for name in self.base_fields})
        people = Membership.objects.filter(workspace_id=str(map.workspace_id), removed_at__isnull=True)
        self.fields["owner"].queryset = people.select_related("user").order_by("created_at", "id")  # type: ignore[attr-defined]
        self.fields["north_star"].queryset = Metric.objects.living().order_by("name", "id")  # type: ignore[attr-defined]
        if map.currency not in dict(CURRENCIES):
            self.fields["currency"].choices = [*CURRENCIES, (map.currency, map.currency)]  # type: ignore[attr-defined]
        if map.archived_at:
            del self.fields["status"]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        for name in ("owner", "north_star"):
            row = values.pop(name)
            values[f"{name}_id"] = row.pk if row else None
        return values


class NewMapForm(forms.Form):
    template = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=JourneyMap.Kind.choices)
    persona: Any = forms.ModelChoiceField(label=_("Persona"), queryset=None, required=False, empty_label=_("From the template"))
    persona_name = forms.CharField(
        label=_("New persona"), required=False, max_length=120, help_text=_("Fill in if the list has no such persona")
    )
    language = forms.ChoiceField(label=_("Language of the map"), choices=LANGUAGES)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, suggested: str = "") -> None:
        super().__init__(data, initial=initial)
        personas: Any = self.fields["persona"]
        personas.queryset = Persona.objects.living().filter(archived_at__isnull=True).order_by("order", "name", "id")
        self.fields["title"].widget.attrs["placeholder"] = suggested

    def deed(self) -> dict[str, Any]:
        """The words of `starting.make_map`."""
        values = dict(self.cleaned_data)
        name = values.pop("persona_name").strip()
        return {"code": values.pop("template"), **values, "persona": name or values["persona"]}


class ReviewForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of review"), choices=[("light", _("Short")), ("deep", _("Deep"))])
    findings = forms.CharField(
        label=_("What was found"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
