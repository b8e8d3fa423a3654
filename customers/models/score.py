from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import TenantModel


class Score(TenantModel):
    """An answer to a survey."""

    class Metric(models.TextChoices):
        NPS = "nps", _("NPS")
        CSAT = "csat", _("CSAT")
        CES = "ces", _("CES")

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="scores")
    touch = models.OneToOneField("customers.Touch", models.CASCADE, null=True, related_name="score")
    metric = models.CharField(max_length=4, choices=Metric.choices)
    value = models.FloatField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "metric", "at"], name="score_by_time")]
