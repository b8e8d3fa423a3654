from django.db import models
from django.utils.translation import gettext_lazy as _

from cjm.lib.clock import now
from cjm.lib.ids import uuid7


class Workspace(models.Model):
    """A tenant. Outside row-level security: it is looked up before anyone is let in."""

    class WeekStart(models.TextChoices):
        MONDAY = "monday", _("Monday")
        SUNDAY = "sunday", _("Sunday")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    default_currency = models.CharField(max_length=3, default="RUB")
    default_language = models.CharField(max_length=2, default="ru", choices=[("ru", _("Russian")), ("en", _("English"))])
    timezone = models.CharField(max_length=64, default="Europe/Moscow")
    week_start = models.CharField(max_length=6, choices=WeekStart.choices, default=WeekStart.MONDAY)
    settings = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(week_start__in=["monday", "sunday"]), name="workspace_week_start")
        ]

    def __str__(self) -> str:
        return self.name
