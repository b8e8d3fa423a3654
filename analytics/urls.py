"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from . import api as rest

app_name = "analytics"
pages: list[Any] = []
api: list[Any] = [
    path("api/v1/reports/<uuid:id>/", rest.report, name="report"),
    path("api/v1/reports/<slug:kind>/", rest.ask, name="ask"),
]
DOORS: dict[str, str] = {
    "ask": "scope:read|admin",
    "report": "scope:read|admin",
}
