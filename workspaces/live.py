"""The hub of server-sent events: publish from any thread, listen from any event loop. Publishing never fails a deed."""

import asyncio
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import redis
from django.conf import settings

logger = logging.getLogger(__name__)
_CHANNEL = "cjm:live:"
_BACKLOG = 1000

Event = dict[str, Any]
_Listener = tuple[asyncio.AbstractEventLoop, "asyncio.Queue[Event | None]"]


class Hub:
    """Listeners by topic in this process; with Redis the events of all processes pass through it."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[_Listener]] = defaultdict(set)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._redis: redis.Redis | None = None
        self.is_closed = False

    def publish(self, topic: str, event: Event) -> None:
        if not settings.REDIS_URL:
            self._deliver(topic, event)
            return
        try:
            self._connection().publish(_CHANNEL + topic, json.dumps(event))
        except redis.RedisError:
            logger.warning("live.publish_failed", extra={"topic": topic})
            self._deliver(topic, event)

    async def listen(self, topic: str) -> AsyncIterator[Event]:
        """Events of a topic from now on; ends when the hub closes or the listener falls too far behind."""
        self._follow_redis()
        listener: _Listener = (asyncio.get_running_loop(), asyncio.Queue(_BACKLOG))
        with self._lock:
            if self.is_closed:
                return
            self._listeners[topic].add(listener)
        try:
            while (event := await listener[1].get()) is not None:
                yield event
        finally:
            self._forget(topic, listener)

    def close(self) -> None:
        """Ends every stream of this process."""
        with self._lock:
            self.is_closed = True
            everybody = [listener for listeners in self._listeners.values() for listener in listeners]
        for loop, queue in everybody:
            _call(loop, _put_last, queue)

    def _deliver(self, topic: str, event: Event) -> None:
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for loop, queue in listeners:
            _call(loop, _put, queue, event)

    def _forget(self, topic: str, listener: _Listener) -> None:
        with self._lock:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]

    def _connection(self) -> redis.Redis:
        if self._redis is None:
            self._redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
        return self._redis

    def _follow_redis(self) -> None:
        if not settings.REDIS_URL:
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._follow, name="live", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while not self.is_closed:
            try:
                self._read()
            except redis.RedisError:
                logger.warning("live.redis_away")
                time.sleep(1)

    def _read(self) -> None:
        connection = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
        with connection.pubsub(ignore_subscribe_messages=True) as stream:  # type: ignore[no-untyped-call]
            stream.psubscribe(_CHANNEL + "*")
            while not self.is_closed:
                message = stream.get_message(timeout=1)
                if message is not None:
                    self._deliver(message["channel"].decode().removeprefix(_CHANNEL), json.loads(message["data"]))


def _call(loop: asyncio.AbstractEventLoop, function: Any, *arguments: Any) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *arguments)


def _put(queue: "asyncio.Queue[Event | None]", event: Event) -> None:
    if queue.full():
        _put_last(queue)
    else:
        queue.put_nowait(event)


def _put_last(queue: "asyncio.Queue[Event | None]") -> None:
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(None)


hub = Hub()


def publish(topic: str, event: Event) -> None:
    hub.publish(topic, event)
