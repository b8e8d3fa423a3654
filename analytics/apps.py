from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        from analytics import on_maps
        from analytics.explanations import REPORTS
        from workspaces import explanations

        explanations.install("report", REPORTS)
        on_maps.install()
