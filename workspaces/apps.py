from importlib import import_module

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from . import clock

        clock.install()
        import_module("workspaces.rest_schema")  # registers itself with OpenAPI
