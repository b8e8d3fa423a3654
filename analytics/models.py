from django.db import models
from django.utils.translation import gettext_lazy as _

from cjm.lib.clock import now
from cjm.lib.ids import uuid7
from workspaces.tenancy import Drawn, TenantModel


class Store(models.Model):
    """Which embedded column store is the current one, and who owns it. One row. Outside row-level security."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    store = models.UUIDField()
    owner = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True)

    objects = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="store_one_row")]


class StoreState(TenantModel):
    """What of a workspace stands in the column store. `version` moves whenever anything there changed.

    `store` names the store that holds it: another one begins with a rebuild. `people_seen_at` is how far customers were read.
    """

    store = models.UUIDField(null=True)
    version = models.BigIntegerField(default=0)
    people_seen_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="store_state_once")]


class Report(TenantModel):
    """A question and its stored answer; pages show it with its age."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    question = models.JSONField()
    digest = models.CharField(max_length=64)
    data_version = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.FloatField(default=0)
    answer = models.JSONField(null=True)
    error = models.JSONField(null=True)
    asked_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["workspace", "kind", "digest", "data_version"], name="report_by_question"),
            models.Index(fields=["asked_at"], name="report_by_age"),
        ]


class MetricPoint(TenantModel):
    """A dated value of a metric: typed by hand, imported or computed. It has what the change log needs to undo it."""

    metric = models.ForeignKey("journeys.Metric", models.CASCADE, related_name="points")
    date = models.DateField()
    cohort = models.CharField(max_length=80, blank=True)
    value = models.FloatField()
    n = models.PositiveIntegerField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "metric", "date", "cohort"], name="metric_point_once")]


class MetricPlacement(Drawn):
    """A metric shown on a map: at a stage, or at a placement."""

    metric = models.ForeignKey("journeys.Metric", models.CASCADE, related_name="placements")
    stage = models.ForeignKey("journeys.Stage", models.CASCADE, related_name="metric_placements")
    placement = models.ForeignKey(
        "touchpoints.TouchpointPlacement", models.CASCADE, null=True, blank=True, related_name="metric_placements"
    )
    rank = models.CharField(max_length=40)

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "stage", "rank"], name="metric_placement_by_rank")]
