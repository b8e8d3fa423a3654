"""Shapes of what people type about metrics."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.metrics import CONVERSION
from cjm.lib import clock
from customers.models import Score
from journeys.models import Metric

Query = Metric.Query
NEEDS = {
    Query.COUNT: ("event",),
    Query.CUSTOMERS: ("event",),
    Query.RATIO: ("event", "to_event"),
    Query.MEDIAN_TIME: ("event", "to_event"),
}


class Number(forms.FloatField):
    """A number as people write it: with a comma or a point, with spaces between the thousands."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace("\u00a0", "").replace(" ", "").replace(",", ".").removesuffix("%")
        return super().to_python(text)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def today() -> Any:
    return timezone.localtime(clock.now()).date()


class ValueForm(forms.Form):
    """A value of a typed metric with its day."""

    value = Number(label=_("Value"))
    on = forms.DateField(label=_("Day"), widget=_day(), initial=today)


class MetricForm(forms.Form):
    """What a metric is and how it is measured. `definition()` are the fields of the row."""

    name = forms.CharField(label=_("Name"), max_length=160)
    query = forms.ChoiceField(label=_("How it is measured"), choices=Query.choices, initial=Query.TYPED)
    value = Number(label=_("Value now"), required=False)
    on = forms.DateField(label=_("Day"), widget=_day(), initial=today, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False, initial="%")
    event = forms.CharField(label=_("Event"), max_length=200, required=False)
    to_event = forms.CharField(label=_("Second event"), max_length=200, required=False)
    score = forms.ChoiceField(label=_("Which score"), choices=Score.Metric.choices, initial=Score.Metric.CSAT, required=False)
    period_days = forms.IntegerField(label=_("Over how many days"), min_value=1, max_value=3660, initial=90, required=False)
    target = Number(label=_("Target"), required=False)
    is_better_up = forms.BooleanField(label=_("The more the better"), required=False, initial=True)
    is_conversion = forms.BooleanField(label=_("Show it as the conversion from the previous stage"), required=False)

    def __init__(self, *args: Any, metric: Metric | None = None, of_stage: bool = False, **kwargs: Any) -> None:
        if metric is not None:
            kwargs["initial"] = _initial(metric)
        super().__init__(*args, **kwargs)
        if metric is not None:
            for name in ("value", "on"):
                del self.fields[name]
        if not of_stage:
            del self.fields["is_conversion"]
        for name in ("event", "to_event"):
            self.fields[name].widget.attrs["list"] = "known-events"

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name in NEEDS.get(Query(given["query"]), ()) if given.get("query") in Query.values else ():
            if not given.get(name):
                self.add_error(name, _("Say which event."))
        return given

    def definition(self) -> dict[str, Any]:
        given = self.cleaned_data
        query = Query(given["query"])
        parameters: dict[str, Any] = {"period_days": given.get("period_days") or 90}
        for name in ("event", "to_event"):
            if given.get(name) and (name in NEEDS.get(query, ()) or (query == Query.MEAN_SCORE and name == "event")):
                parameters[name] = given[name]
        if query == Query.MEAN_SCORE:
            parameters["score"] = given.get("score") or Score.Metric.CSAT
        return {
            "name": given["name"],
            "query": str(query),
            "unit": given["unit"] if query == Query.TYPED else "%" if query == Query.RATIO else "",
            "parameters": parameters if query != Query.TYPED else {},
            "target": given["target"],
            "is_better_up": given["is_better_up"],
            "tags": [CONVERSION] if given.get("is_conversion") and query == Query.TYPED else [],
        }


def _initial(metric: Metric) -> dict[str, Any]:
    known = ("event", "to_event", "score", "period_days")
    return {name: metric.parameters[name] for name in known if name in metric.parameters} | {
        "name": metric.name,
        "query": metric.query,
        "unit": metric.unit,
        "target": metric.target,
        "is_better_up": metric.is_better_up,
        "is_conversion": CONVERSION in metric.tags,
    }
