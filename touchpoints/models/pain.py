from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class PainPoint(Drawn):
    """What hurts, at a placement or a stage; its monthly loss is computed or typed with its inputs."""

    class HoleKind(models.TextChoices):
        PROMISE_MISMATCH = "promise_mismatch", _("Promise and reality differ")
        HIDDEN_PRICE = "hidden_price", _("Prices are hidden")
        OVERLOADED_CHECKOUT = "overloaded_checkout", _("Overloaded checkout")
        NO_FIRST_STEP = "no_first_step", _("No first step")
        LATE_MESSAGE = "late_message", _("Late letters")
        NO_HELP = "no_help", _("No help at a moment of doubt")
        SLOW_RESPONSE = "slow_response", _("Slow answer")
        PUSHY_SALES = "pushy_sales", _("Pushy managers")
        COMPLEX_SETUP = "complex_setup", _("Complex set-up")
        WEAK_CONTENT = "weak_content", _("Uninformative letters")
        LONG_PAPERWORK = "long_paperwork", _("Slow paperwork")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")

    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="pains")
    placement = models.ForeignKey("touchpoints.TouchpointPlacement", models.SET_NULL, null=True, blank=True, related_name="pains")
    rank = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    hole_kind = models.CharField(max_length=20, choices=HoleKind.choices, default=HoleKind.OTHER)
    severity = models.PositiveSmallIntegerField(default=3)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    hole = models.JSONField(default=dict, blank=True, help_text="Inputs of the hole-cost calculator")
    monthly_loss = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")

    class Meta(Drawn.Meta):
        constraints = [models.CheckConstraint(condition=Q(severity__gte=1) & Q(severity__lte=5), name="pain_severity_bounds")]
        indexes = [models.Index(fields=["workspace", "stage", "rank"], name="pain_by_rank")]

    def __str__(self) -> str:
        return self.title


class Opportunity(Drawn):
    """A way to a better step: how might we …"""

    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="opportunities")
    pain = models.ForeignKey(PainPoint, models.SET_NULL, null=True, blank=True, related_name="opportunities")
    rank = models.CharField(max_length=40)
    how_might_we = models.CharField(max_length=300)
    customer_value = models.PositiveSmallIntegerField(default=50)
    business_value = models.PositiveSmallIntegerField(default=50)
    effort = models.PositiveSmallIntegerField(default=2)
    owner = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(Drawn.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(customer_value__lte=100) & Q(business_value__lte=100) & Q(effort__lte=5),
                name="opportunity_bounds",
            )
        ]
        indexes = [models.Index(fields=["workspace", "stage", "rank"], name="opportunity_by_rank")]

    def __str__(self) -> str:
        return self.how_might_we
