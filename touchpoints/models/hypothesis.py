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
    outcome = models.TextField(blank=True)
    because = models.TextField(blank=True)
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
    expected_lift = models.FloatField(_("Expected lift"), help_text=_("A fraction: 0.15 is 15 percentage points or 15 %"))
    lift_kind = models.CharField(max_length=8, choices=LiftKind.choices, default=LiftKind.POINTS)
    verification_method = models.CharField(_("Way to verify"), max_length=12, choices=Method.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.IN_PROGRESS)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True)
    complexity = models.CharField(max_length=4, choices=Complexity.choices, default=Complexity.LOW)
    groups = models.TextField(blank=True)
    stopping_rule = models.TextField(blank=True)
    premortem = models.TextField(blank=True)
    sample_share = models.FloatField(null=True, blank=True, help_text=_("How much of the needed sample is there, 0 to 1"))
    effect = models.FloatField(null=True, blank=True, help_text=_("Measured, in the kind of the expected lift, as a fraction"))
    effect_low = models.FloatField(null=True, blank=True)
    effect_high = models.FloatField(null=True, blank=True)
    monthly_effect = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    is_guardrail_breached = models.BooleanField(default=False)
    dissent = models.TextField(blank=True)
    dissent_by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    implemented_at = models.DateTimeField(null=True, blank=True)

    class Meta(Drawn.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="implemented") | Q(verdict="confirmed"), name="implemented_needs_confirmed"
            ),
            models.CheckConstraint(
                condition=~Q(status="implemented") | Q(is_guardrail_breached=False) | ~Q(dissent=""),
                name="implemented_needs_kept_guardrails",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "status"], name="hypothesis_by_status")]

    def __str__(self) -> str:
        return self.statement
