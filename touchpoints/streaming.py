"""The server-sent events of a map: what was missed from the log, then the hub; holds no database connection."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from journeys.models import JourneyMap
from workspaces import changes, live, tenancy

BEAT_SECONDS = 15.0
_BEAT = b": beat\n\n"


async def stream(map: JourneyMap, *, after: int | None) -> AsyncIterator[bytes]:
    """Events as bytes; `after` is the last version that the listener knows (None: from now on)."""
    events = live.hub.listen(changes.topic(map))
    waiting = asyncio.ensure_future(anext(events))
    try:
        await asyncio.sleep(0)  # lets the hub register before the log is read, so that nothing falls between
        last = map.version if after is None else after
        yield b"retry: 2000\n\n"
        for event in await sync_to_async(_missed)(map, last):
            last = event["version"]
            yield _line(event)
        while True:
            done, _pending = await asyncio.wait({waiting}, timeout=BEAT_SECONDS)
            if not done:
                yield _BEAT
                continue
            try:
                event = waiting.result()
            except StopAsyncIteration:
                return
            waiting = asyncio.ensure_future(anext(events))
            if event.get("version", last + 1) > last:
                last = event.get("version", last)
                yield _line(event)
    finally:
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await waiting
        await events.aclose()  # type: ignore[attr-defined]


def _missed(map: JourneyMap, after: int) -> list[dict[str, Any]]:
    with tenancy.reading(map.workspace_id):
        events = [changes.event_of(change) for change in changes.since(map, after)]
    close_old_connections()
    return events


def _line(event: dict[str, Any]) -> bytes:
    name, number = ("change", f"id: {event['version']}\n") if "version" in event else ("people", "")
    return f"{number}event: {name}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
