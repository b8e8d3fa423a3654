from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from workspaces import explanations

        from .explanations import METRICS

        explanations.install("metric", METRICS)
