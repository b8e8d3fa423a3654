from django.apps import AppConfig


class CjmConfig(AppConfig):
    name = "cjm"

    def ready(self) -> None:
        from django.utils.translation import get_language

        from analytics import lists
        from cjm.lib import conditions
        from customers import listing

        from . import celery, searching, translations

        translations.compile_stale()
        celery.app.set_default()
        conditions.install_language(lambda: get_language() or "ru")
        listing.install_report_lists(lists.list_behind)
        searching.install()
