"""The routes of a REST collection and their doors, in one line of an app's urls."""

from typing import Any

from django.urls import path

_MANY: dict[str, Any] = {"get": "list", "post": "create"}
_ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}


def collection(words: str, view: Any) -> tuple[list[Any], dict[str, str]]:
    """`/api/v1/<words>/`, `bulk/`, `<id>/` and, where the view has codes, `by-external-id/<code>/`; names begin with "api_"."""
    name, base = f"api_{words.replace('-', '_')}", f"api/v1/{words}"
    routes = [
        path(f"{base}/", view.as_view(_MANY), name=name),
        path(f"{base}/bulk/", view.as_view({"post": "bulk"}), name=f"{name}_bulk"),
        path(f"{base}/<uuid:pk>/", view.as_view(_ONE), name=f"{name}_one"),
    ]
    if hasattr(view, "by_external_id"):
        upsert = view.as_view({"put": "by_external_id"})
        routes.insert(2, path(f"{base}/by-external-id/<path:external_id>/", upsert, name=f"{name}_by_external_id"))
    return routes, {route.name: "scope:read/write" for route in routes}


def collections(views: dict[str, Any]) -> tuple[list[Any], dict[str, str]]:
    """The routes and doors of several collections."""
    routes: list[Any] = []
    doors: dict[str, str] = {}
    for words, view in views.items():
        made, guarded = collection(words, view)
        routes += made
        doors |= guarded
    return routes, doors
