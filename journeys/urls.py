"""Routes of this app and their doors. The pages over all maps, which show curves and losses, are in touchpoints/home_urls.py."""

from typing import Any

from django.urls import path

from workspaces.rest_routes import collections

from . import api as rest
from .views import maps, personas

app_name = "journeys"
_MAP = "w/<slug:slug>/maps/<uuid:id>"
_PERSONA = "w/<slug:slug>/personas/<uuid:id>"
_map_pages: list[Any] = [
    path(f"{_MAP}/settings/", maps.map_settings, name="map_settings"),
    path(f"{_MAP}/review/", maps.map_review, name="map_review"),
    path(f"{_MAP}/archive/", maps.map_archive, name="map_archive"),
    path(f"{_MAP}/restore/", maps.map_restore, name="map_restore"),
    path(f"{_MAP}/delete/", maps.map_delete, name="map_delete"),
]
_persona_pages: list[Any] = [
    path("w/<slug:slug>/personas/", personas.personas_page, name="personas"),
    path("w/<slug:slug>/personas/new/", personas.persona_new, name="persona_new"),
    path(f"{_PERSONA}/", personas.persona, name="persona"),
    path(f"{_PERSONA}/edit/", personas.persona_edit, name="persona_edit"),
    path(f"{_PERSONA}/delete/", personas.persona_delete, name="persona_delete"),
    path(f"{_PERSONA}/maps/", personas.map_persona, name="map_persona"),
]
pages: list[Any] = [*_map_pages, *_persona_pages]
_api, _api_doors = collections({"personas": rest.Personas, "metrics": rest.Metrics, "reviews": rest.Reviews})
api: list[Any] = [*_api]
DOORS: dict[str, str] = {
    **_api_doors,
    "map_settings": "editor",
    "map_review": "editor",
    "map_archive": "editor",
    "map_restore": "editor",
    "map_delete": "editor",
    "personas": "viewer",
    "persona_new": "editor",
    "persona": "viewer",
    "persona_edit": "editor",
    "persona_delete": "editor",
    "map_persona": "editor",
}
