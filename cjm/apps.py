from django.apps import AppConfig


class CjmConfig(AppConfig):
    name = "cjm"

    def ready(self) -> None:
        from . import celery

        celery.app.set_default()
