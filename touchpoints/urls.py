"""Routes of this app and their doors."""

from typing import Any

app_name = "touchpoints"
pages: list[Any] = []
api: list[Any] = []
DOORS: dict[str, str] = {}
