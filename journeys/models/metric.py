from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Metric(Drawn):
    """A figure's definition: live (a named query with parameters) or typed by hand with dates."""

    class Type(models.TextChoices):
        CUSTOMER = "customer", _("Customer metric")
        BUSINESS = "business", _("Business metric")
        OPERATIONAL = "operational", _("Operational metric")

    class Query(models.TextChoices):
        TYPED = "typed", _("Typed by hand")
        COUNT = "count", _("Count of events")
        CUSTOMERS = "customers", _("Unique customers")
        RATIO = "ratio", _("Ratio of two events")
        MEDIAN_TIME = "median_time", _("Median time between two events")
        MEAN_SCORE = "mean_score", _("Mean score")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DEFINED = "defined", _("Defined")
        ACTIVE = "active", _("Active")
        BROKEN = "broken", _("Broken")
        DEPRECATED = "deprecated", _("Deprecated")

    name = models.CharField(_("Name"), max_length=160)
    type = models.CharField(max_length=12, choices=Type.choices, default=Type.BUSINESS)
    tags = models.JSONField(default=list, blank=True)
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    is_better_up = models.BooleanField(default=True)
    query = models.CharField(_("How it is measured"), max_length=16, choices=Query.choices, default=Query.TYPED)
    parameters = models.JSONField(
        default=dict, blank=True, help_text="event, where, to_event, to_where, score (nps|csat|ces), period_days (90)"
    )
    baseline = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    owner = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)

    def __str__(self) -> str:
        return self.name
