from django.db import models

from cjm.lib.clock import now
from workspaces.tenancy import TenantModel


class IdempotencyKey(TenantModel):
    """The first answer given to a POST with this key; the same key with another body is refused."""

    key = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    etag = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "path", "key"], name="idempotency_once")]
