from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class EmotionPoint(Drawn):
    """One point of a persona's emotion series: valence from -2 to +2, ordered within its stage."""

    class Series(models.TextChoices):
        AS_IS = "as_is", _("As it is")
        TO_BE = "to_be", _("As it should be")

    class Source(models.TextChoices):
        ASSUMED = "assumed", _("Assumed")
        INTERVIEW = "interview", _("Interview")
        SURVEY = "survey", _("Survey")
        FEEDBACK = "feedback", _("Feedback")

    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="emotion_points")
    persona = models.ForeignKey("journeys.Persona", models.SET_NULL, null=True, blank=True, related_name="+")
    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="emotion_points")
    step = models.ForeignKey("journeys.Step", models.SET_NULL, null=True, blank=True, related_name="+")
    placement = models.ForeignKey(
        "touchpoints.TouchpointPlacement", models.SET_NULL, null=True, blank=True, related_name="emotion_points"
    )
    rank = models.CharField(max_length=40)
    series = models.CharField(max_length=6, choices=Series.choices, default=Series.AS_IS)
    valence = models.DecimalField(max_digits=3, decimal_places=1)
    labels = models.JSONField(default=list, blank=True)
    quote = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ASSUMED)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Drawn.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(valence__gte=-2) & Q(valence__lte=2), name="emotion_valence_bounds"),
        ]
        indexes = [models.Index(fields=["workspace", "map", "stage", "rank"], name="emotion_by_rank")]
