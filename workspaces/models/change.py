from django.db import models

from cjm.lib.clock import now
from workspaces.tenancy import TenantModel


class Change(TenantModel):
    """One deed on one subject: `edits` lists every row it touched with the values before and after.

    `version` is the subject's own counter, so that (subject, version) is a gapless log for sync, undo and history.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    version = models.PositiveIntegerField()
    deed = models.CharField(max_length=60)
    edits = models.JSONField(default=list)
    by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, related_name="+")
    token = models.ForeignKey("workspaces.Token", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    undoes = models.OneToOneField("self", models.SET_NULL, null=True, related_name="undone_by")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "subject_kind", "subject_id", "version"], name="change_version_once")
        ]
        indexes = [models.Index(fields=["workspace", "at", "id"], name="change_by_time")]
