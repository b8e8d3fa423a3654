from django.db import models

from cjm.lib.clock import now
from cjm.lib.ids import uuid7


class SigninLink(models.Model):
    """A link that signs one person in, once. Outside row-level security: its reader is nobody yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("workspaces.User", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = models.Manager()
