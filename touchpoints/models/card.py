from django.db import models
from django.db.models import Q

from workspaces.tenancy import Drawn

_LINKS = ("placement", "pain", "opportunity", "hypothesis", "nested_map")


def _at_most_one() -> Q:
    condition = Q(**{f"{name}__isnull": True for name in _LINKS})
    for chosen in _LINKS:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in _LINKS})
    return condition


class Card(Drawn):
    """Words in a cell (lane × stage), with at most one typed reference."""

    lane = models.ForeignKey("journeys.Lane", models.CASCADE, related_name="cards")
    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="cards")
    step = models.ForeignKey("journeys.Step", models.SET_NULL, null=True, blank=True, related_name="+")
    span = models.PositiveSmallIntegerField(default=1)
    rank = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    colour = models.CharField(max_length=16, blank=True)
    placement = models.ForeignKey("touchpoints.TouchpointPlacement", models.SET_NULL, null=True, blank=True, related_name="cards")
    pain = models.ForeignKey("touchpoints.PainPoint", models.SET_NULL, null=True, blank=True, related_name="cards")
    opportunity = models.ForeignKey("touchpoints.Opportunity", models.SET_NULL, null=True, blank=True, related_name="cards")
    hypothesis = models.ForeignKey("touchpoints.Hypothesis", models.SET_NULL, null=True, blank=True, related_name="cards")
    nested_map = models.ForeignKey("journeys.JourneyMap", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "lane", "stage", "rank"], name="card_by_cell")]
        constraints = [models.CheckConstraint(condition=_at_most_one(), name="card_one_reference")]
