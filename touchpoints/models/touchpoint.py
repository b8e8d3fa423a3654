from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.models.map import Canonical
from workspaces.tenancy import Drawn


class Channel(Drawn):
    class Group(models.TextChoices):
        DIGITAL = "digital", _("Digital")
        HUMAN = "human", _("Human")
        PRODUCT = "product", _("Product")

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("Inbound")
        OUTBOUND = "outbound", _("Outbound")
        BOTH = "both", _("Both ways")

    name = models.CharField(_("Name"), max_length=120)
    code = models.CharField(max_length=40, blank=True)
    group = models.CharField(_("Group"), max_length=8, choices=Group.choices, default=Group.DIGITAL)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.BOTH)
    is_owned = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Touchpoint(Drawn):
    """An item of the catalogue; a placement puts it on a map."""

    class Control(models.TextChoices):
        FULL = "full", _("Full")
        PARTIAL = "partial", _("Partial")
        NONE = "none", _("None")

    name = models.CharField(_("Name"), max_length=160)
    code = models.CharField(max_length=160, blank=True)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="touchpoints")
    control = models.CharField(max_length=8, choices=Control.choices, default=Control.FULL)
    default_stage = models.CharField(max_length=16, choices=Canonical.choices, blank=True)
    owner = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    description = models.TextField(blank=True)
    icon = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class System(Drawn):
    """A system behind a touchpoint (CRM, telephony …)."""

    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name
