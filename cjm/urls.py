"""All routes, and the one table of doors."""

from django.urls import include, path

from analytics import urls as analytics
from automations import urls as automations
from cjm import pages
from customers import urls as customers
from experiments import urls as experiments
from journeys import urls as journeys
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
]
DOORS = {
    "front": "public",
    "healthz": "public",
    "readyz": "public",
    "metrics": "public",
    "favicon": "public",
    "schema": "public",
    "reference": "public",
}
for _app in _APPS:
    urlpatterns += [path("", include((_app.pages + _app.api, _app.app_name), namespace=_app.app_name))]
    DOORS |= {f"{_app.app_name}:{name}": door for name, door in _app.DOORS.items()}

handler400 = "cjm.problems.bad_request"
handler403 = "cjm.problems.denied"
handler404 = "cjm.problems.not_found"
handler500 = "cjm.problems.broken"
