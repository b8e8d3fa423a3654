from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Lane(Drawn):
    """A row of a map."""

    class Kind(models.TextChoices):
        ACTIONS = "actions", _("Customer actions")
        THOUGHTS = "thoughts", _("Thoughts")
        EXPECTATIONS = "expectations", _("Expectations")
        NEEDS = "needs", _("Needs")
        TOUCHPOINTS = "touchpoints", _("Touchpoints")
        CHANNELS = "channels", _("Channels")
        EMOTION_CURVE = "emotion_curve", _("Emotion curve")
        EMOTIONS = "emotions", _("Emotions")
        PAIN_POINTS = "pain_points", _("Pain points")
        BARRIERS = "barriers", _("Barriers")
        OPPORTUNITIES = "opportunities", _("Opportunities")
        HYPOTHESES = "hypotheses", _("Hypotheses")
        METRICS = "metrics", _("Metrics")
        INSIGHTS = "insights", _("Insights")
        EVIDENCE = "evidence", _("Evidence")
        OWNERS = "owners", _("Owners")
        STORYBOARD = "storyboard", _("Storyboard")
        TEXT = "text", _("Text")
        PROCESS = "process", _("Process")
        NESTED_JOURNEYS = "nested_journeys", _("Nested journeys")
        CONTEXT = "context", _("Context (day in the life)")
        PHYSICAL_EVIDENCE = "physical_evidence", _("Physical evidence")
        FRONTSTAGE = "frontstage", _("Visible staff actions")
        BACKSTAGE = "backstage", _("Hidden actions")
        SUPPORT_PROCESSES = "support_processes", _("Support processes")
        SYSTEMS = "systems", _("Systems")
        RULES = "rules", _("Automations")

    class Zone(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        FRONTSTAGE = "frontstage", _("Frontstage")
        BACKSTAGE = "backstage", _("Backstage")
        SUPPORT = "support", _("Support")

    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="lanes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=120, blank=True)
    rank = models.CharField(max_length=40)
    persona = models.ForeignKey("journeys.Persona", models.SET_NULL, null=True, blank=True, related_name="+")
    is_hidden = models.BooleanField(default=False)
    blueprint_zone = models.CharField(max_length=12, choices=Zone.choices, blank=True)

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "map", "rank"], name="lane_by_rank")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
