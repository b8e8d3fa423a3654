from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import TenantModel


class StageVisit(TenantModel):
    """A customer's stay on a stage of a map. Visits of one customer on one map do not overlap; the open one has no exit."""

    class Entry(models.TextChoices):
        FORWARD = "forward", _("Forward")
        SKIP = "skip", _("Skip")
        RETURN = "return", _("Return")
        RE_ENTRY = "re_entry", _("Came again")

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="visits")
    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="+")
    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="+")
    entered_at = models.DateTimeField()
    exited_at = models.DateTimeField(null=True)
    entry = models.CharField(max_length=8, choices=Entry.choices, default=Entry.FORWARD)
    via_touch = models.ForeignKey("customers.Touch", models.SET_NULL, null=True, related_name="+")
    is_by_hand = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "map", "customer"], condition=models.Q(exited_at__isnull=True), name="visit_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "map", "stage", "entered_at"], name="visit_by_stage"),
            models.Index(fields=["workspace", "customer", "map", "entered_at"], name="visit_by_customer"),
        ]
