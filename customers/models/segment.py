from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Segment(Drawn):
    """Customers with common tasks and context, by a condition over their attributes."""

    name = models.CharField(_("Name"), max_length=160)
    description = models.TextField(blank=True)
    rule = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
