"""Shapes of what people type on a map. A form changes only the fields that were sent."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import JourneyMap, Lane, Persona, Stage
from journeys.models.map import Canonical
from workspaces.models import Membership

from . import emotions
from .models import Channel, EmotionPoint, Evidence, Opportunity, PainPoint, TouchpointPlacement

HOLE = ("n", "c_ref", "c_obs", "value")


class Lines(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class Day(forms.DateField):
    """A day, kept as its first moment in the workspace's time zone."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value).date() if isinstance(value, datetime) else value

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return timezone.make_aware(datetime.combine(day, time())) if isinstance(day, date) else None


class PartForm(forms.Form):
    """`values()` are what was sent, by attribute name of the row."""

    def __init__(self, *args: Any, map: JourneyMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.map = map
        self.prepare()
        if self.is_bound:
            for name in set(self.fields) - set(self.data):
                del self.fields[name]

    def prepare(self) -> None:
        """Fills the choices that depend on the workspace."""

    def values(self) -> dict[str, Any]:
        out = {}
        for name, value in self.cleaned_data.items():
            is_key = isinstance(self.fields[name], forms.ModelChoiceField)
            out[f"{name}_id" if is_key else name] = (value.pk if value else None) if is_key else value
        return out


class AddForm(forms.Form):
    """Something new on the map; which of the fields count depends on what it is."""

    text = forms.CharField(required=False, max_length=4000)
    position = forms.IntegerField(required=False, min_value=0)
    valence = forms.DecimalField(required=False, min_value=-2, max_value=2, max_digits=3, decimal_places=1)
    kind = forms.ChoiceField(required=False, choices=Lane.Kind.choices)
    once = forms.UUIDField(required=False)  # a repeat of the same sending adds nothing

    def __init__(self, *args: Any, map: JourneyMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"] = forms.ModelChoiceField(Stage.objects.living().filter(map=map), required=False)
        self.fields["lane"] = forms.ModelChoiceField(Lane.objects.living().filter(map=map), required=False)
        self.fields["placement"] = forms.ModelChoiceField(
            TouchpointPlacement.objects.living().filter(stage__map=map), required=False
        )
        self.fields["persona"] = forms.ModelChoiceField(Persona.objects.living(), required=False)


class MoveForm(AddForm):
    """Where a part goes: a stage, a lane, a place among the others; `step` moves it by places."""

    step = forms.IntegerField(required=False, min_value=-1, max_value=1)


class MapForm(PartForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    scenario = forms.CharField(label=_("Scenario"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("Owner"), required=False)

    def prepare(self) -> None:
        self.fields["owner"].queryset = _members(self.map)  # type: ignore[attr-defined]


class CardForm(PartForm):
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class StageForm(PartForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    subtitle = forms.CharField(label=_("Stage of the sales pipeline"), max_length=160, required=False)
    canonical = forms.ChoiceField(label=_("Kind of stage"), choices=Canonical.choices)
    customer_goal = forms.CharField(label=_("Customer's goal"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    company_goal = forms.CharField(label=_("Company's goal"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LaneForm(PartForm):
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    is_hidden = forms.TypedChoiceField(
        label=_("Shown"), choices=[("0", _("Yes")), ("1", _("No"))], coerce=lambda value: value == "1"
    )


class PlacementForm(PartForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("Owner"), required=False)
    channel: Any = forms.ModelChoiceField(None, label=_("Channel"), required=False)
    event = forms.CharField(label=_("Event"), max_length=200, required=False)
    review_at = Day(label=_("Review"), required=False)
    expectations = Lines(label=_("Expects"), required=False)
    experience = Lines(label=_("Gets"), required=False)
    barriers = Lines(label=_("Barriers"), required=False)
    needs = Lines(label=_("Needs"), required=False)

    OF_ITEM = ("name", "channel_id")

    def prepare(self) -> None:
        self.fields["owner"].queryset = _members(self.map)  # type: ignore[attr-defined]
        self.fields["channel"].queryset = Channel.objects.living().order_by("name", "id")  # type: ignore[attr-defined]


class PainForm(PartForm):
    title = forms.CharField(label=_("What hurts"), max_length=300)
    severity = forms.IntegerField(label=_("Severity, 1 to 5"), min_value=1, max_value=5)
    hole_kind = forms.ChoiceField(label=_("Kind of hole"), choices=PainPoint.HoleKind.choices)
    status = forms.ChoiceField(label=_("Status"), choices=PainPoint.Status.choices)
    monthly_loss = forms.DecimalField(label=_("Loss a month"), required=False, min_value=0, max_digits=16, decimal_places=2)
    n = forms.DecimalField(label=_("Customers a month"), required=False, min_value=0)
    c_ref = forms.DecimalField(label=_("Should convert, %"), required=False, min_value=0, max_value=100)
    c_obs = forms.DecimalField(label=_("Converts, %"), required=False, min_value=0, max_value=100)
    value = forms.DecimalField(label=_("Value of one customer"), required=False, min_value=0)

    def values(self) -> dict[str, Any]:
        out = super().values()
        inputs = {name: out.pop(name) for name in HOLE if name in out}
        if inputs:
            out["hole"] = {name: str(value) for name, value in inputs.items() if value is not None}
            if len(out["hole"]) == len(HOLE):
                out["monthly_loss"] = _loss(**{name: Decimal(text) for name, text in out["hole"].items()})
        return out


class OpportunityForm(PartForm):
    how_might_we = forms.CharField(label=_("How might we"), max_length=300)
    customer_value = forms.IntegerField(label=_("Value for the customer, 0 to 100"), min_value=0, max_value=100)
    business_value = forms.IntegerField(label=_("Value for the business, 0 to 100"), min_value=0, max_value=100)
    effort = forms.IntegerField(label=_("Effort, 0 to 5"), min_value=0, max_value=5)
    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("Owner"), required=False)

    def prepare(self) -> None:
        self.fields["owner"].queryset = _members(self.map)  # type: ignore[attr-defined]


class EmotionForm(PartForm):
    valence = forms.DecimalField(label=_("Value, −2 to +2"), min_value=-2, max_value=2, max_digits=3, decimal_places=1)
    labels = forms.CharField(label=_("Emotion"), required=False, max_length=120)
    quote = forms.CharField(label=_("In the customer's words"), required=False, max_length=300)
    source = forms.ChoiceField(label=_("Source"), choices=EmotionPoint.Source.choices)

    def clean_labels(self) -> list[str]:
        return [emotions.code_of(word) for word in self.cleaned_data["labels"].split(",") if word.strip()]


class TargetForm(forms.Form):
    """A target event of a stage; one simple condition is enough for most."""

    event = forms.CharField(label=_("Event"), max_length=200)
    field = forms.CharField(label=_("Property"), max_length=120, required=False)
    operator = forms.ChoiceField(
        label=_("Compared"),
        required=False,
        choices=[("eq", "="), ("ne", "≠"), ("gte", "≥"), ("lte", "≤"), ("contains", _("contains"))],
    )
    value = forms.CharField(label=_("Value"), max_length=200, required=False)

    def where(self) -> dict[str, Any] | None:
        name = self.cleaned_data["field"].strip()
        if not name:
            return None
        name = name if "." in name else f"props.{name}"
        return {"field": name, "op": self.cleaned_data["operator"] or "eq", "value": _typed(self.cleaned_data["value"])}


class QuoteForm(forms.Form):
    quote = forms.CharField(label=_("Quote"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("Heard in"), choices=Evidence.Kind.choices)
    source = forms.CharField(label=_("Who and when"), max_length=300, required=False)


def initial_of(kind: str, row: Any) -> dict[str, Any]:
    """What a form shows before anything is typed."""
    if kind == "placements":
        return {**_fields(row), "name": row.touchpoint.name, "channel": row.touchpoint.channel_id, "owner": row.owner_id}
    if kind == "pains":
        return {**_fields(row), **row.hole}
    if kind == "emotions":
        return {**_fields(row), "labels": emotions.names_of(row.labels)}
    if kind == "lanes":
        return {"title": row.title, "is_hidden": "1" if row.is_hidden else "0"}
    return {**_fields(row), "owner": row.owner_id} if isinstance(row, Opportunity | JourneyMap) else _fields(row)


def _fields(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _typed(text: str) -> str | float | bool:
    """A number or yes/no where the text is one, so that it compares with what programs send."""
    words = {"true": True, "да": True, "false": False, "нет": False}
    if text.strip().lower() in words:
        return words[text.strip().lower()]
    try:
        return float(text.replace(",", ".").replace("\u00a0", ""))
    except ValueError:
        return text.strip()


def _loss(*, n: Decimal, c_ref: Decimal, c_obs: Decimal, value: Decimal) -> Decimal:
    return max(Decimal(0), n * (c_ref - c_obs) / 100 * value).quantize(Decimal("0.01"))


def _members(map: JourneyMap) -> Any:
    rows = Membership.objects.filter(workspace_id=map.workspace_id, removed_at__isnull=True)
    return rows.select_related("user").order_by("created_at", "id")
