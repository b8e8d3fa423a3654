from django.db import models

from cjm.lib.clock import now
from workspaces.tenancy import Drawn, TenantModel


class Task(Drawn):
    """Something that one member is to do by a day."""

    title = models.CharField(max_length=300)
    assignee = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    source = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "assignee", "done_at"], name="task_by_assignee")]


class Notification(TenantModel):
    """A line in one member's inbox."""

    to = models.ForeignKey("workspaces.Membership", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    path = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "to", "read_at", "at"], name="notification_by_reader")]


class Comment(Drawn):
    """Words beside a thing on a map."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    body = models.TextField(max_length=5000)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, related_name="+")

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "subject_kind", "subject_id"], name="comment_by_subject")]
