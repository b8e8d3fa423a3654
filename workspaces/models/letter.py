from django.db import models

from cjm.lib.clock import now


class Letter(models.Model):
    """A letter that no mail server carries: kept for an administrator to read. Outside row-level security."""

    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, null=True, related_name="+")
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    at = models.DateTimeField(default=now)

    objects = models.Manager()
