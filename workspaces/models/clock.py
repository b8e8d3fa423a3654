from django.db import models


class Clock(models.Model):
    """The installation's stored time (test mode only); one row. Outside row-level security."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stands_at = models.DateTimeField(null=True)

    objects = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_one_row")]
