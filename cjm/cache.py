"""The shared cache on Redis. A Redis that is away makes it forget for a while, and fails nobody's request."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)
_PAUSE_SECONDS = 5.0
T = TypeVar("T")


class ForgivingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params = {**params, "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2, **params.get("OPTIONS", {})}}
        super().__init__(server, params)
        self._silent_until = 0.0

    def add(self, *args: Any, **options: Any) -> Any:
        return self._try(super().add, True, *args, **options)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def set(self, *args: Any, **options: Any) -> None:
        self._try(super().set, None, *args, **options)

    def touch(self, *args: Any, **options: Any) -> Any:
        return self._try(super().touch, False, *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._try(super().delete, False, *args, **options)

    def get_many(self, *args: Any, **options: Any) -> Any:
        return self._try(super().get_many, {}, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> Any:
        return self._try(super().has_key, False, *args, **options)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._try(super().incr, delta, key, delta, version)

    def set_many(self, *args: Any, **options: Any) -> Any:
        return self._try(super().set_many, [], *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._try(super().delete_many, None, *args, **options)

    def _try(self, deed: Callable[..., T], without: T, *args: Any, **options: Any) -> T:
        if time.monotonic() < self._silent_until:
            return without
        try:
            return deed(*args, **options)
        except redis.RedisError as error:
            self._silent_until = time.monotonic() + _PAUSE_SECONDS
            logger.warning("cache.away", extra={"error": type(error).__name__})
            return without
