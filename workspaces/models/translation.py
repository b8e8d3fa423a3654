from django.db import models

from workspaces.tenancy import TenantModel


class Translation(TenantModel):
    """The text of one field in the language that is not the map's own."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    text = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject_kind", "subject_id", "field", "language"], name="translation_once"
            )
        ]
