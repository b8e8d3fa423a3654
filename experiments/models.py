from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Result(Drawn):
    """The outcome of a test of a hypothesis, with its interval; in points of the metric (0.141 = 14.1 points).

    `guardrails`: [{name, margin, is_worse_up, control, treatment, difference, low, high, is_breached}], arms [converted, total].
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        REFUTED = "refuted", _("Refuted")
        INCONCLUSIVE = "inconclusive", _("Not enough data")

    hypothesis = models.ForeignKey("touchpoints.Hypothesis", models.CASCADE, related_name="results")
    control_converted = models.PositiveIntegerField(null=True, blank=True)
    control_total = models.PositiveIntegerField(null=True, blank=True)
    treatment_converted = models.PositiveIntegerField(null=True, blank=True)
    treatment_total = models.PositiveIntegerField(null=True, blank=True)
    effect = models.FloatField()
    ci_low = models.FloatField(null=True, blank=True)
    ci_high = models.FloatField(null=True, blank=True)
    p_value = models.FloatField(null=True, blank=True)
    relative_lift = models.FloatField(null=True, blank=True)
    relative_low = models.FloatField(null=True, blank=True)
    relative_high = models.FloatField(null=True, blank=True)
    alpha = models.FloatField(default=0.05)
    guardrails = models.JSONField(default=list, blank=True)
    people_a_month = models.PositiveIntegerField(null=True, blank=True)
    value_of_one = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    monthly_effect = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    note = models.TextField(blank=True)
    is_interim = models.BooleanField(default=False)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    is_typed = models.BooleanField(default=True)
    measured_at = models.DateTimeField()

    class Meta(Drawn.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ci_low__isnull=True) | Q(ci_high__isnull=True) | Q(ci_low__lte=models.F("ci_high")),
                name="result_interval_in_order",
            )
        ]
