"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from workspaces.rest_routes import collections

from . import api as rest
from .views import results

app_name = "experiments"
_RESULTS = "w/<slug:slug>/hypotheses/<uuid:id>/results"
pages: list[Any] = [
    path(f"{_RESULTS}/", results.show, name="results"),
    path(f"{_RESULTS}/new/", results.new, name="result_new"),
    path(f"{_RESULTS}/<uuid:result_id>/withdraw/", results.withdraw, name="result_withdraw"),
]
_api, _api_doors = collections({"results": rest.Results})
api: list[Any] = [*_api]
DOORS: dict[str, str] = {
    **_api_doors,
    "results": "viewer",
    "result_new": "editor",
    "result_withdraw": "editor",
}
