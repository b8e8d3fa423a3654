"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from workspaces.rest_routes import collections

from .api import catalogue as catalogue_api
from .api import hypotheses as hypotheses_api
from .api import maps as maps_api
from .api import parts as parts_api
from .views import board, live
from .views import hypotheses as hypothesis_views
from .views import library as library_views
from .views import parts as map_parts

app_name = "touchpoints"
_MAP = "w/<slug:slug>/maps/<uuid:map_id>"
_map_pages: list[Any] = [
    path(f"{_MAP}/", board.show, name="map"),
    path(f"{_MAP}/outline/", board.outline, name="map_outline"),
    path(f"{_MAP}/export.json", board.export, name="map_export"),
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
_HYPOTHESES = "w/<slug:slug>/hypotheses"
_LIBRARY = "w/<slug:slug>/library"
_hypothesis_pages: list[Any] = [
    path(f"{_HYPOTHESES}/", hypothesis_views.board, name="hypotheses"),
    path(f"{_HYPOTHESES}/new/", hypothesis_views.new, name="hypothesis_new"),
    path(f"{_HYPOTHESES}/<uuid:id>/", hypothesis_views.show, name="hypothesis"),
    path(f"{_HYPOTHESES}/<uuid:id>/edit/", hypothesis_views.edit, name="hypothesis_edit"),
    path(f"{_HYPOTHESES}/<uuid:id>/move/", hypothesis_views.move, name="hypothesis_move"),
    path(f"{_HYPOTHESES}/<uuid:id>/delete/", hypothesis_views.delete, name="hypothesis_delete"),
    path(f"{_LIBRARY}/", library_views.items, name="library"),
    path(f"{_LIBRARY}/new/", library_views.new, name="library_new"),
    path(f"{_LIBRARY}/<uuid:id>/", library_views.item, name="library_item"),
    path(f"{_LIBRARY}/<uuid:id>/archive/", library_views.archive, name="library_archive"),
    path(f"{_LIBRARY}/<uuid:id>/delete/", library_views.delete, name="library_delete"),
]
_hypothesis_doors = {
    "hypotheses": "viewer",
    "hypothesis_new": "editor",
    "hypothesis": "viewer",
    "hypothesis_edit": "editor",
    "hypothesis_move": "editor",
    "hypothesis_delete": "editor",
    "library": "viewer",
    "library_new": "editor",
    "library_item": "editor",
    "library_archive": "editor",
    "library_delete": "editor",
}
_api, _api_doors = collections(
    {
        "maps": maps_api.Maps,
        "stages": parts_api.Stages,
        "lanes": parts_api.Lanes,
        "cards": parts_api.Cards,
        "channels": catalogue_api.Channels,
        "touchpoints": catalogue_api.Touchpoints,
        "placements": parts_api.Placements,
        "emotion-points": parts_api.EmotionPoints,
        "pain-points": parts_api.PainPoints,
        "opportunities": parts_api.Opportunities,
        "evidence": parts_api.Evidences,
        "hypotheses": hypotheses_api.Hypotheses,
    }
)
_api += [
    path("api/v1/maps/<uuid:map_id>/board/", maps_api.board, name="api_board"),
    path("api/v1/maps/<uuid:map_id>/export/", maps_api.export, name="api_export"),
    path("api/v1/maps/import/", maps_api.ImportMap.as_view(), name="api_import"),
    path("api/v1/map-templates/", maps_api.MapTemplates.as_view(), name="api_map_templates"),
    path("api/v1/map-templates/<uuid:id>/", maps_api.map_template, name="api_map_template"),
]
_api_doors |= {
    "api_board": "scope:read",
    "api_export": "scope:read",
    "api_import": "scope:write",
    "api_map_templates": "scope:read/write",
    "api_map_template": "scope:read/write",
}
pages: list[Any] = [*_map_pages, *_hypothesis_pages]
api: list[Any] = [*_api, path("api/v1/maps/<uuid:map_id>/events/", live.events, name="api_events")]
DOORS: dict[str, str] = {
    **_api_doors,
    **_hypothesis_doors,
    "map": "viewer",
    "map_outline": "viewer",
    "map_export": "viewer",
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
