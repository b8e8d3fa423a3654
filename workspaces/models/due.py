from django.db import models


class Due(models.Model):
    """Which workspace has work of a kind, and when: ids only, so that pollers need no tenant. Outside row-level security."""

    workspace = models.ForeignKey("workspaces.Workspace", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    due_at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind"], name="due_once")]
        indexes = [models.Index(fields=["kind", "due_at"], name="due_by_kind")]
