"""Routes over all maps, under the names of `journeys`, whose maps they list; drawn here, where curves and losses are known."""

from typing import Any

from django.urls import path

from .views import home

pages: list[Any] = [
    path("w/<slug:slug>/", home.home, name="home"),
    path("w/<slug:slug>/maps/new/", home.new_map, name="new_map"),
    path("w/<slug:slug>/maps/templates/<slug:code>/", home.template, name="template"),
    path("w/<slug:slug>/maps/<uuid:id>/future/", home.map_future, name="map_future"),
]
DOORS: dict[str, str] = {"home": "viewer", "new_map": "editor", "template": "viewer", "map_future": "editor"}
