from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Review(Drawn):
    """A look at a map: is it still true?"""

    class Kind(models.TextChoices):
        LIGHT = "light", _("Light review")
        DEEP = "deep", _("Deep review")
        EVENT = "event", _("Review after an event")

    class Reason(models.TextChoices):
        SCHEDULED_LIGHT = "scheduled_light", _("Scheduled light review")
        SCHEDULED_DEEP = "scheduled_deep", _("Scheduled deep review")
        PRODUCT_CHANGE = "product_change", _("Product change")
        NEW_CHANNEL = "new_channel", _("New channel")
        NEW_DATA = "new_data", _("New data")
        BEHAVIOUR_CHANGE = "behaviour_change", _("Behaviour change")
        PROMO = "promo", _("Strong promotion")
        PRICING_CHANGE = "pricing_change", _("Pricing change")
        DRIFT_FLAG = "drift_flag", _("Signal from the data")

    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    reviewer = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, related_name="+")
    findings = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
