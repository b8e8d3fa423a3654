"""Shapes of what people type about hypotheses and the library. Lifts are typed as percents and kept as fractions."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import JourneyMap, Metric, Stage
from workspaces.models import Membership, Workspace

from .models import Channel, Hypothesis, Opportunity, PainPoint, Touchpoint, TouchpointPlacement

_LONG = {"rows": 2}
_LINKS = ("stage", "placement", "pain", "opportunity", "metric", "owner")


def members(workspace: Workspace) -> Any:
    rows = Membership.objects.filter(workspace=workspace, removed_at__isnull=True)
    return rows.select_related("user").order_by("created_at", "id")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _Placement(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.stage.name}: {obj.touchpoint.name}"


class HypothesisForm(forms.Form):
    """What a hypothesis says: if we change this, that follows, because; with its metric, lift, method and owner."""

    statement = forms.CharField(label=_("If we"), max_length=2000, widget=forms.Textarea(attrs=_LONG))
    outcome = forms.CharField(label=_("then"), max_length=2000, required=False, widget=forms.Textarea(attrs=_LONG))
    because = forms.CharField(label=_("because"), max_length=2000, required=False, widget=forms.Textarea(attrs=_LONG))
    stage: Any = forms.ModelChoiceField(None, label=_("Stage"), required=False, empty_label="—")
    placement: Any = _Placement(None, label=_("Touchpoint"), required=False, empty_label="—")
    pain: Any = forms.ModelChoiceField(None, label=_("Barrier that it removes"), required=False, empty_label="—")
    opportunity: Any = forms.ModelChoiceField(None, label=_("Opportunity"), required=False, empty_label="—")
    metric: Any = forms.ModelChoiceField(None, label=_("Metric"), required=False, empty_label=_("A new one, named beside"))
    metric_name = forms.CharField(label=_("New metric"), max_length=160, required=False)
    baseline = forms.FloatField(label=_("It is now, %"), required=False, min_value=0, max_value=100)
    expected_lift = forms.FloatField(label=_("Expected lift"), min_value=-1000, max_value=1000)
    lift_kind = forms.ChoiceField(label=_("Measured in"), choices=Hypothesis.LiftKind.choices, initial=Hypothesis.LiftKind.POINTS)
    verification_method = forms.ChoiceField(label=_("Way to verify"), choices=Hypothesis.Method.choices)
    owner: Any = forms.ModelChoiceField(None, label=_("Owner"), empty_label=None)
    complexity = forms.ChoiceField(label=_("Complexity"), choices=Hypothesis.Complexity.choices)
    due_at = forms.DateField(
        label=_("Verify by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    groups = forms.CharField(label=_("Groups"), max_length=2000, required=False, widget=forms.Textarea(attrs=_LONG))
    stopping_rule = forms.CharField(label=_("Stopping rule"), max_length=2000, required=False, widget=forms.Textarea(attrs=_LONG))
    premortem = forms.CharField(label=_("What may go wrong"), max_length=2000, required=False, widget=forms.Textarea(attrs=_LONG))

    def __init__(self, *args: Any, map: JourneyMap, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "stage": Stage.objects.living().filter(map=map).order_by("rank", "id"),
            "placement": _at(TouchpointPlacement, map).select_related("touchpoint", "stage"),
            "pain": _at(PainPoint, map),
            "opportunity": _at(Opportunity, map),
            "metric": Metric.objects.living().order_by("name", "id"),
            "owner": members(workspace),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "metric" not in self.errors and not cleaned.get("metric") and not cleaned.get("metric_name", "").strip():
            self.add_error("metric", _("No metric, no hypothesis: choose the figure that will tell, or name a new one."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """By the names of the deed; a named metric goes under `metric`."""
        out = dict(self.cleaned_data)
        out["metric"] = out["metric"] or out["metric_name"].strip()
        del out["metric_name"]
        out["expected_lift"] = round(out["expected_lift"] / 100, 6)
        out["baseline"] = None if out["baseline"] is None else round(out["baseline"] / 100, 6)
        out["due_at"] = timezone.make_aware(datetime.combine(out["due_at"], time())) if out["due_at"] else None
        return out


class MoveForm(forms.Form):
    status = forms.ChoiceField(choices=Hypothesis.Status.choices)
    reason = forms.CharField(required=False, max_length=2000)
    dissent = forms.CharField(required=False, max_length=2000)


class TouchpointForm(forms.Form):
    """An item of the library."""

    name = forms.CharField(label=_("Name"), max_length=160)
    channel: Any = forms.ModelChoiceField(None, label=_("Channel"), required=False, empty_label="—")
    control = forms.ChoiceField(
        label=_("How far you control it"), choices=Touchpoint.Control.choices, initial=Touchpoint.Control.FULL
    )
    default_stage = forms.ChoiceField(label=_("Usual stage"), required=False)
    owner: Any = forms.ModelChoiceField(None, label=_("Owner"), required=False, empty_label="—")
    code = forms.CharField(
        label=_("Code"), max_length=160, required=False, help_text=_("The name that touches carry in the field “touchpoint”")
    )
    description = forms.CharField(label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs=_LONG))

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = Channel.objects.living().filter(archived_at__isnull=True).order_by("name", "id")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members(workspace)  # type: ignore[attr-defined]
        stages = Touchpoint._meta.get_field("default_stage").choices or ()
        self.fields["default_stage"].choices = [("", "—"), *stages]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """By the names of the columns."""
        out = dict(self.cleaned_data)
        for name in ("channel", "owner"):
            row = out.pop(name)
            out[f"{name}_id"] = row.pk if row else None
        return out


def initial_of(hypothesis: Hypothesis) -> dict[str, Any]:
    """What the form shows of a standing hypothesis."""
    out = {field.name: getattr(hypothesis, field.attname) for field in hypothesis._meta.concrete_fields}
    out["expected_lift"] = _percent(hypothesis.expected_lift)
    out["baseline"] = None if hypothesis.baseline is None else _percent(hypothesis.baseline)
    out["due_at"] = timezone.localtime(hypothesis.due_at).date() if hypothesis.due_at else None
    return out


def _percent(share: float) -> float:
    return round(share * 100, 4)


def _at(model: Any, map: JourneyMap) -> Any:
    return model.objects.living().filter(stage__map=map, stage__deleted_at__isnull=True).order_by("stage__rank", "rank", "id")
