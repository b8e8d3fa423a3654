from django.apps import AppConfig


class CjmConfig(AppConfig):
    name = "cjm"

    def ready(self) -> None:
        from django.utils.translation import get_language

        from cjm.lib import conditions

        from . import celery

        celery.app.set_default()
        conditions.install_language(lambda: get_language() or "ru")
