from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Hypothesis(Drawn):
    """An owned guess with its metric, expected lift and way to verify: no metric, no hypothesis."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In work")
        VERIFIED = "verified", _("Verified")
        IMPLEMENTED = "implemented", _("Implemented")
        REJECTED = "rejected", _("Rejected")

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        REFUTED = "refuted", _("Refuted")
        INCONCLUSIVE = "inconclusive", _("Not enough data")

    class Method(models.TextChoices):
        AB_TEST = "ab_test", _("A/B test")
        HOLDOUT = "holdout", _("Control group")
        BEFORE_AFTER = "before_after", _("Before and after (weak)")
        INTERVIEW = "interview", _("Interview")
        SURVEY = "survey", _("Survey")
        USABILITY = "usability", _("Usability test")

    class LiftKind(models.TextChoices):
        RELATIVE = "relative", _("Relative, %")
        POINTS = "points", _("Percentage points")

    class Complexity(models.TextChoices):
        LOW = "low", _("Low")
        MID = "mid", _("Middle")
        HIGH = "high", _("High")

    statement = models.TextField(_("Statement"))
    map = models.ForeignKey("journeys.JourneyMap", models.CASCADE, related_name="hypotheses")
    stage = models.ForeignKey("journeys.Stage", models.SET_NULL, null=True, blank=True, related_name="hypotheses")
    placement = models.ForeignKey(
        "touchpoints.TouchpointPlacement", models.SET_NULL, null=True, blank=True, related_name="hypotheses"
    )
    pain = models.ForeignKey("touchpoints.PainPoint", models.SET_NULL, null=True, blank=True, related_name="hypotheses")
    opportunity = models.ForeignKey("touchpoints.Opportunity", models.SET_NULL, null=True, blank=True, related_name="hypotheses")
    owner = models.ForeignKey("workspaces.Membership", models.PROTECT, related_name="+")
    metric = models.ForeignKey("journeys.Metric", models.PROTECT, related_name="+")
    baseline = models.FloatField(null=True, blank=True)
    expected_lift = models.FloatField(_("Expected lift"))
    lift_kind = models.CharField(max_length=8, choices=LiftKind.choices, default=LiftKind.POINTS)
    verification_method = models.CharField(_("Way to verify"), max_length=12, choices=Method.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.IN_PROGRESS)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True)
    complexity = models.CharField(max_length=4, choices=Complexity.choices, default=Complexity.LOW)
    due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    implemented_at = models.DateTimeField(null=True, blank=True)

    class Meta(Drawn.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="implemented") | Q(verdict="confirmed"), name="implemented_needs_confirmed"
            )
        ]
        indexes = [models.Index(fields=["workspace", "status"], name="hypothesis_by_status")]

    def __str__(self) -> str:
        return self.statement
