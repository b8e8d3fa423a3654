"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from .api import customers, touches

app_name = "customers"
pages: list[Any] = []
_ID = "<path:external_id>"
api: list[Any] = [
    path("api/v1/touches/", touches.Touches.as_view(), name="api_touches"),
    path("api/v1/touches/rejected/", touches.Rejected.as_view(), name="api_rejected"),
    path("api/v1/touches/rejected/<int:id>/replay/", touches.Replay.as_view(), name="api_replay"),
    path("api/v1/customers/", customers.Customers.as_view(), name="api_customers"),
    path("api/v1/customers/bulk/", customers.Bulk.as_view(), name="api_customers_bulk"),
    path("api/v1/customers/merge/", customers.Merge.as_view(), name="api_customers_merge"),
    path(f"api/v1/customers/by-external-id/{_ID}/", customers.OneCustomer.as_view(), name="api_customer_upsert"),
    path(f"api/v1/customers/{_ID}/stage/", customers.Stage.as_view(), name="api_customer_stage"),
    path(f"api/v1/customers/{_ID}/journey/", customers.Journey.as_view(), name="api_customer_journey"),
    path(f"api/v1/customers/{_ID}/", customers.OneCustomer.as_view(), name="api_customer"),
]
DOORS: dict[str, str] = {
    "api_touches": "scope:read/ingest|write",
    "api_rejected": "scope:read",
    "api_replay": "scope:read/ingest|write",
    "api_customers": "scope:read/write",
    "api_customers_bulk": "scope:read/write",
    "api_customers_merge": "scope:read/write",
    "api_customer_upsert": "scope:read/write",
    "api_customer_stage": "scope:read/write",
    "api_customer_journey": "scope:read",
    "api_customer": "scope:read/write",
}
