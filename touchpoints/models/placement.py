from django.db import models

from workspaces.tenancy import Drawn


class TouchpointPlacement(Drawn):
    """A touchpoint of the catalogue on a map, at a stage. Lists are lists of texts; systems are names."""

    touchpoint = models.ForeignKey("touchpoints.Touchpoint", models.CASCADE, related_name="placements")
    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="placements")
    step = models.ForeignKey("journeys.Step", models.SET_NULL, null=True, blank=True, related_name="+")
    rank = models.CharField(max_length=40)
    expectations = models.JSONField(default=list, blank=True)
    experience = models.JSONField(default=list, blank=True)
    barriers = models.JSONField(default=list, blank=True)
    needs = models.JSONField(default=list, blank=True)
    customer_action = models.TextField(blank=True)
    customer_thought = models.TextField(blank=True)
    owner = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    event = models.CharField(max_length=200, blank=True)
    systems = models.JSONField(default=list, blank=True)
    process_note = models.TextField(blank=True)
    review_at = models.DateTimeField(null=True, blank=True)

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "stage", "rank"], name="placement_by_rank")]
