"""What people type about themselves, their workspace and its members."""

import zoneinfo
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Invitation, Membership, User, Workspace
from .models.people import Role
from .tokens import SCOPES

CURRENCIES = [
    "RUB",
    "USD",
    "EUR",
    "BYN",
    "KZT",
    "UZS",
    "KGS",
    "AMD",
    "GEL",
    "AZN",
    "TRY",
    "RSD",
    "PLN",
    "GBP",
    "CHF",
    "AED",
    "ILS",
    "INR",
    "CNY",
]
DUTIES = {
    "sales": _("Sales manager"),
    "account_manager": _("Account manager"),
    "support_head": _("Head of support"),
    "marketing_head": _("Head of marketing"),
    "product_owner": _("Product owner"),
    "analyst": _("Analyst"),
}
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
SCOPE_WORDS = {
    "read": _("Read everything"),
    "write": _("Change maps, customers, hypotheses"),
    "ingest": _("Send touches"),
    "admin": _("Members and tokens"),
}


def zones() -> list[tuple[str, str]]:
    """Every time zone by its place; the empty and technical ones are left out."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(zoneinfo.available_timezones())
        if "/" in name and not name.startswith("Etc/")
    ] + [("UTC", "UTC")]


class SignupExtra(forms.Form):
    """What sign-up asks besides e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = str(getattr(request, "LANGUAGE_CODE", ""))[:2]
        user.save(update_fields=["name", "language"])


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """The workspace's own settings."""

    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, help_text=_("Days, weeks and reports are counted in it."))
    default_currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    class Meta:
        model = Workspace
        fields = ["name", "timezone", "default_currency", "week_start", "default_language"]
        labels = {
            "name": _("Name"),
            "week_start": _("The week starts on"),
            "default_language": _("Language of new members and letters"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, value in (("timezone", self.instance.timezone), ("default_currency", self.instance.default_currency)):
            choices = list(self.fields[name].choices)  # type: ignore[attr-defined]
            if value and value not in dict(choices):
                self.fields[name].choices = [*choices, (value, value)]  # type: ignore[attr-defined]


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """Role, function and duties of one member."""

    duties = forms.MultipleChoiceField(
        label=_("Duties"),
        choices=list(DUTIES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rules that name a duty find the person by it."),
    )

    class Meta:
        model = Membership
        fields = ["role", "function", "duties"]
        labels = {"role": _("Role"), "function": _("Function")}


class SuccessorForm(forms.Form):
    """Who takes over what a leaving member owns."""

    successor = forms.ModelChoiceField(label=_("Who takes over"), queryset=Membership.objects.none())

    def __init__(self, *args: Any, others: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """An invitation: the address is only needed for a letter."""

    days = forms.TypedChoiceField(
        label=_("The link works"),
        coerce=int,
        initial=14,
        choices=[(1, _("1 day")), (7, _("7 days")), (14, _("14 days")), (60, _("60 days"))],
    )

    class Meta:
        model = Invitation
        fields = ["email", "role"]
        labels = {"email": _("E-mail (not needed for a link)"), "role": _("Role")}

    def __init__(self, *args: Any, by: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [choice for choice in Role.choices if by.may(choice[0])]  # type: ignore[attr-defined]
        self.fields["role"].initial = "editor"


class TokenForm(forms.Form):
    """A new key of a program."""

    name = forms.CharField(label=_("What it is for"), max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        initial=["read"],
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        initial=365,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("no end"))],
    )


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """One's own name and language."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Your name")}
