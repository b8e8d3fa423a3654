"""The one place where the time comes from. `install` lets an installation stand on a stored clock."""

from collections.abc import Callable
from datetime import UTC, datetime

_provider: Callable[[], datetime] | None = None


def now() -> datetime:
    """The engine's present moment, UTC."""
    return _provider() if _provider else datetime.now(UTC)


def install(provider: Callable[[], datetime] | None) -> None:
    global _provider
    _provider = provider
