"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from workspaces.rest import idempotent

from . import api as rest
from .calculators_api import VIEWS as CALCULATORS
from .views import funnel, metrics, overlay

app_name = "analytics"
_calculators: list[Any] = [
    path(f"api/v1/calculators/{name}/", idempotent(view), name=f"calculator_{name}") for name, view in CALCULATORS.items()
]
_MAP = "w/<slug:slug>/maps/<uuid:map_id>"
pages: list[Any] = [
    path("w/<slug:slug>/funnel/", funnel.funnel, name="funnel"),
    path("w/<slug:slug>/funnel/table.csv", funnel.funnel_csv, name="funnel_csv"),
    path(f"{_MAP}/overlay/", overlay.stage_overlay, name="stage_overlay"),
    path(f"{_MAP}/stages/<uuid:id>/metrics/", metrics.stage_metrics, name="stage_metrics"),
    path(f"{_MAP}/placements/<uuid:id>/metrics/", metrics.placement_metrics, name="placement_metrics"),
    path(f"{_MAP}/metrics/<uuid:id>/edit/", metrics.change, name="metric"),
    path(f"{_MAP}/metrics/<uuid:id>/remove/", metrics.remove, name="metric_remove"),
    path(f"{_MAP}/metrics/<uuid:id>/value/", metrics.value, name="metric_value"),
    path(f"{_MAP}/metrics/<uuid:id>/value/<int:point_id>/remove/", metrics.remove_value, name="metric_value_remove"),
]
api: list[Any] = [
    *_calculators,
    path("api/v1/reports/<uuid:id>/", rest.report, name="report"),
    path("api/v1/reports/<slug:kind>/", idempotent(rest.ask), name="ask"),
]
DOORS: dict[str, str] = {
    "funnel": "viewer",
    "funnel_csv": "viewer",
    **{f"calculator_{name}": "scope:read|write|admin" for name in CALCULATORS},
    "stage_overlay": "viewer",
    "stage_metrics": "viewer/editor",
    "placement_metrics": "viewer/editor",
    "metric": "editor",
    "metric_remove": "editor",
    "metric_value": "editor",
    "metric_value_remove": "editor",
    "ask": "scope:read|admin",
    "report": "scope:read|admin",
}
