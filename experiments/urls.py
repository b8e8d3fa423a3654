"""Routes of this app and their doors."""

from typing import Any

from workspaces.rest_routes import collections

from . import api as rest

app_name = "experiments"
_api, _api_doors = collections({"results": rest.Results})
pages: list[Any] = []
api: list[Any] = [*_api]
DOORS: dict[str, str] = {**_api_doors}
