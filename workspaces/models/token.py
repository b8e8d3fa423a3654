from django.db import models

from cjm.lib.clock import now
from cjm.lib.ids import uuid7


class Token(models.Model):
    """A key of a program. Only its hash is kept. Outside row-level security: it decides which workspace opens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    is_installation = models.BooleanField(default=False)
    created_by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
