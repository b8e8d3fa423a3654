"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from .api import TestClock, TestWorkspaces

app_name = "automations"
pages: list[Any] = []
api: list[Any] = [
    path("api/v1/test/clock/", TestClock.as_view(), name="api_test_clock"),
    path("api/v1/test/workspaces/", TestWorkspaces.as_view(), name="api_test_workspaces"),
]
DOORS: dict[str, str] = {
    "api_test_clock": "scope:admin",
    "api_test_workspaces": "installation",
}
