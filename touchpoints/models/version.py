from django.db import models

from workspaces.tenancy import Drawn


class MapVersion(Drawn):
    """A named moment of a map, kept whole."""

    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=160, blank=True)
    trigger = models.CharField(max_length=40, default="manual")
    snapshot = models.JSONField(default=dict)

    class Meta(Drawn.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "map", "number"], name="map_version_once")]
