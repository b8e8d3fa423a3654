from django.db import models

from cjm.lib.clock import now
from workspaces.tenancy import TenantModel


class TouchBatch(TenantModel):
    """What one request or one slice of an import recorded; the analytics sync claims batches by `synced_at`."""

    source = models.CharField(max_length=120)
    touches = models.PositiveIntegerField(default=0)
    historical = models.BooleanField(default=False)
    from_import = models.ForeignKey("customers.Import", models.SET_NULL, null=True, related_name="batches")
    received_at = models.DateTimeField(default=now)
    synced_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "id"], condition=models.Q(synced_at__isnull=True), name="batch_unsynced")]


class Touch(TenantModel):
    """One real contact of one customer. The id is the order of arrival."""

    batch = models.ForeignKey(TouchBatch, models.CASCADE, related_name="rows")
    identity = models.ForeignKey("customers.Identity", models.CASCADE, related_name="touches")
    source = models.CharField(max_length=120)
    touch_id = models.CharField(max_length=200)
    event = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    channel = models.CharField(max_length=120, blank=True)
    touchpoint = models.CharField(max_length=160, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    score_metric = models.CharField(max_length=8, blank=True)
    score_value = models.FloatField(null=True)
    props = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "source", "touch_id"], name="touch_once")]
        indexes = [models.Index(fields=["workspace", "identity", "occurred_at", "id"], name="touch_by_identity")]


class TouchKey(TenantModel):
    """The 128-bit hash of (source, touch_id) of an erased or undone touch: a repeat is known for ever."""

    digest = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "digest"], name="touch_key_once")]
