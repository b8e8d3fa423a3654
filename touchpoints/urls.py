"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from .views import board, live
from .views import parts as map_parts

app_name = "touchpoints"
_MAP = "w/<slug:slug>/maps/<uuid:map_id>"
_map_pages: list[Any] = [
    path(f"{_MAP}/", board.show, name="map"),
    path(f"{_MAP}/outline/", board.outline, name="map_outline"),
    path(f"{_MAP}/parts/", board.parts, name="map_parts"),
    path(f"{_MAP}/change/", board.change, name="map_change"),
    path(f"{_MAP}/undo/", board.undo, name="map_undo"),
    path(f"{_MAP}/redo/", board.redo, name="map_redo"),
    path(f"{_MAP}/events/", live.events, name="events"),
    path(f"{_MAP}/presence/", live.announce, name="presence"),
    path(f"{_MAP}/pains/<uuid:pain_id>/quotes/", map_parts.quote, name="quotes"),
    path(f"{_MAP}/stages/<uuid:stage_id>/targets/", map_parts.target, name="targets"),
    path(f"{_MAP}/<slug:kind>/add/", map_parts.add, name="part_add"),
    path(f"{_MAP}/<slug:kind>/<uuid:id>/", map_parts.part, name="part"),
    path(f"{_MAP}/<slug:kind>/<uuid:id>/move/", map_parts.move, name="part_move"),
    path(f"{_MAP}/<slug:kind>/<uuid:id>/delete/", map_parts.delete, name="part_delete"),
]
pages: list[Any] = [*_map_pages]
api: list[Any] = [path("api/v1/maps/<uuid:map_id>/events/", live.events, name="api_events")]
DOORS: dict[str, str] = {
    "map": "viewer",
    "map_outline": "viewer",
    "map_parts": "viewer",
    "map_change": "editor",
    "map_undo": "editor",
    "map_redo": "editor",
    "events": "viewer",
    "presence": "viewer",
    "quotes": "editor",
    "targets": "editor",
    "part_add": "editor",
    "part": "viewer/editor",
    "part_move": "editor",
    "part_delete": "editor",
    "api_events": "scope:read",
}
