"""The web application. Ordinary requests share a bounded number of places; an open event stream gives its place back."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class Bounded:
    """At most `places` requests are worked on at once, each in a thread with a database connection; the others wait."""

    def __init__(self, app: App, places: int) -> None:
        self.app = app
        self._places = asyncio.Semaphore(places)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        place = _Place(self._places)
        await place.take()

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_stream(message):
                place.give_back()
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            place.give_back()


class _Place:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places, self._is_taken = places, False

    async def take(self) -> None:
        await self._places.acquire()
        self._is_taken = True

    def give_back(self) -> None:
        if self._is_taken:
            self._is_taken = False
            self._places.release()


def _is_stream(message: Message) -> bool:
    headers = {bytes(name).lower(): bytes(value) for name, value in message.get("headers", ())}
    return headers.get(b"content-type", b"").startswith(b"text/event-stream")


def _make() -> App:
    app: Any = get_asgi_application()
    from django.conf import settings

    return Bounded(app, settings.THREADS)


application = _make()
