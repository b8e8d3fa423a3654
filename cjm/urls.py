"""All routes, and the one table of doors."""

from django.urls import include, path

from analytics import urls as analytics
from automations import urls as automations
from cjm import pages
from cjm.demo import pages as demo
from customers import urls as customers
from experiments import urls as experiments
from journeys import urls as journeys
from touchpoints import home_urls as maps
from touchpoints import urls as touchpoints
from workspaces import urls as workspaces

_APPS = [workspaces, journeys, touchpoints, customers, analytics, experiments, automations]

urlpatterns = [
    path("", pages.front, name="front"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("metrics", pages.metrics, name="metrics"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("api/v1/schema/", pages.schema, name="schema"),
    path("api/v1/docs/", pages.reference, name="reference"),
    path("accounts/", include("allauth.urls")),
    path("w/<slug:slug>/demo/", demo.page, name="demo"),
    path("w/<slug:slug>/demo/progress/", demo.progress, name="demo_progress"),
]
DOORS = {
    "front": "public",
    "healthz": "public",
    "readyz": "public",
    "metrics": "public",
    "favicon": "public",
    "schema": "public",
    "reference": "public",
    "demo": "viewer/owner",
    "demo_progress": "viewer",
}
for _app in _APPS:
    _more = maps if _app is journeys else None  # the pages over all maps are drawn above the app whose names they bear
    _pages = _app.pages + _app.api + (_more.pages if _more else [])
    urlpatterns += [path("", include((_pages, _app.app_name), namespace=_app.app_name))]
    DOORS |= {f"{_app.app_name}:{name}": door for name, door in (_app.DOORS | (_more.DOORS if _more else {})).items()}

handler400 = "cjm.problems.bad_request"
handler403 = "cjm.problems.denied"
handler404 = "cjm.problems.not_found"
handler500 = "cjm.problems.broken"
