"""What people type on the pages of this app."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .import_rows import FIELDS
from .models import Import


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"), error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")}
    )


class MappingForm(forms.Form):
    """One choice per column, and what holds for all rows."""

    source = forms.CharField(label=_("Source"), max_length=120)
    timezone = forms.CharField(label=_("Time zone of times without one"), max_length=64)
    event = forms.CharField(label=_("One event for all rows"), max_length=200, required=False)
    channel = forms.CharField(label=_("One channel for all rows"), max_length=120, required=False)
    historical = forms.BooleanField(label=_("History: rules do not act on it"), required=False)

    def __init__(self, row: Import, data: Any = None) -> None:
        mapping = row.mapping
        initial = {name: mapping.get(name, "") for name in ("timezone", "event", "channel")}
        super().__init__(data, initial=initial | {"source": row.source, "historical": row.historical})
        self.row = row
        for index, name in enumerate(row.columns):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=name or f"#{index + 1}",
                choices=list(FIELDS.items()),
                initial=mapping["fields"][index],
                required=False,
            )

    def clean_timezone(self) -> str:
        name: str = self.cleaned_data["timezone"]
        if name not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("This time zone is not known. Write it like Europe/Moscow or UTC."))
        return name

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[f"column_{index}"] for index in range(len(self.row.columns))]

    @property
    def chosen(self) -> list[str]:
        return [self.cleaned_data[f"column_{index}"] for index in range(len(self.row.columns))]


OPERATORS = [
    ("eq", _("is")),
    ("ne", _("is not")),
    ("contains", _("contains")),
    ("gt", _("is more than")),
    ("lt", _("is less than")),
    ("exists", _("is known")),
]
SUBJECTS = [
    ("customer.attrs", _("Customer attribute")),
    ("company.attrs", _("Company attribute")),
    ("customer.email", _("E-mail")),
    ("customer.name", _("Name")),
    ("customer.stage", _("Stage (code)")),
    ("company.name", _("Company")),
]


class SegmentForm(forms.Form):
    """A segment with one condition; longer rules come through the API."""

    name = forms.CharField(label=_("Name"), max_length=160)
    subject = forms.ChoiceField(label=_("What is looked at"), choices=SUBJECTS)
    key = forms.CharField(label=_("Attribute's name"), max_length=120, required=False)
    operator = forms.ChoiceField(label=_("Comparison"), choices=OPERATORS)
    value = forms.CharField(label=_("Value"), max_length=300, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("subject", "").endswith(".attrs") and not values.get("key"):
            self.add_error("key", _("Name the attribute."))
        if values.get("operator") in ("gt", "lt") and _number(values.get("value", "")) is None:
            self.add_error("value", _("Give a number to compare with."))
        return values

    @property
    def rule(self) -> dict[str, Any]:
        values = self.cleaned_data
        field = f"{values['subject']}.{values['key']}" if values["subject"].endswith(".attrs") else values["subject"]
        leaf = {"field": field, "op": values["operator"]}
        if values["operator"] == "exists":
            return leaf
        if values["operator"] in ("gt", "lt"):
            return leaf | {"value": _number(values["value"])}
        return _either(leaf, values["value"]) if values["subject"].endswith(".attrs") else leaf | {"value": values["value"]}


def _either(leaf: dict[str, Any], text: str) -> dict[str, Any]:
    """An attribute may hold the number 7 or the text "7": a person who types 7 means both."""
    number = _number(text)
    if number is None or leaf["op"] == "contains":
        return leaf | {"value": text}
    joint = "and" if leaf["op"] == "ne" else "or"
    return {"op": joint, "args": [leaf | {"value": text}, leaf | {"value": number}]}


def _number(text: str) -> int | float | None:
    plain = text.strip().replace(" ", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
