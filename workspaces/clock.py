"""The installation's clock: the system's, or in test mode the stored one, shared by all processes."""

from datetime import UTC, datetime

from django.conf import settings

from cjm.lib import clock

from .models import Clock


def install() -> None:
    clock.install(_stored if settings.TEST_CLOCK else None)


def set_clock(moment: datetime) -> None:
    """Makes the installation's clock stand at that moment."""
    Clock.objects.update_or_create(id=1, defaults={"stands_at": moment})


def _stored() -> datetime:
    stands_at = Clock.objects.filter(id=1).values_list("stands_at", flat=True).first()
    return stands_at or datetime.now(UTC)
