from django.db import models
from django.utils.translation import gettext_lazy as _

from cjm.lib.clock import now
from workspaces.tenancy import TenantModel


class StageMove(TenantModel):
    """A stage set by a person or a program: an event beside the touches, from which visits can always be derived anew."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="moves")
    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="+")
    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    after_touch_id = models.BigIntegerField(
        default=0, help_text="The customer's latest touch then: its place in the order of arrival"
    )

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "customer", "at"], name="move_by_customer")]


class StagedMap(TenantModel):
    """The stages and targets of a live map by which its visits stand; where they differ from the map, history is staged anew."""

    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    staged_at = models.DateTimeField(default=now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "map"], name="staged_map_once")]


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
