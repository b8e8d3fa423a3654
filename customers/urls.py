"""Routes of this app and their doors."""

from typing import Any

from django.urls import path

from .api import collections, customers, touches
from .views import customers as customer_pages
from .views import imports as import_pages
from .views import rejected as rejected_pages
from .views import segments as segment_pages

app_name = "customers"
_ID = "<path:external_id>"
_IMPORT = "w/<slug:slug>/imports/<uuid:id>"
pages: list[Any] = [
    path("w/<slug:slug>/customers/", customer_pages.customers, name="customers"),
    path(f"w/<slug:slug>/customers/{_ID}/", customer_pages.customer, name="customer"),
    path("w/<slug:slug>/segments/", segment_pages.segments, name="segments"),
    path("w/<slug:slug>/segments/<uuid:id>/size/", segment_pages.segment_size, name="segment_size"),
    path("w/<slug:slug>/segments/<uuid:id>/delete/", segment_pages.delete_segment, name="segment_delete"),
    path("w/<slug:slug>/imports/", import_pages.imports, name="imports"),
    path("w/<slug:slug>/imports/rejected/", rejected_pages.rejected, name="rejected"),
    path("w/<slug:slug>/imports/rejected/<int:id>/replay/", rejected_pages.replay, name="rejected_replay"),
    path(f"{_IMPORT}/", import_pages.import_, name="import"),
    path(f"{_IMPORT}/columns/", import_pages.map_import, name="import_map"),
    path(f"{_IMPORT}/start/", import_pages.start_import, name="import_start"),
    path(f"{_IMPORT}/undo/", import_pages.undo_import, name="import_undo"),
    path(f"{_IMPORT}/progress/", import_pages.import_progress, name="import_progress"),
    path(f"{_IMPORT}/rejected/", import_pages.import_rejected, name="import_rejected"),
]
_MANY: dict[str, Any] = {"get": "list", "post": "create"}
_ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
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
    path("api/v1/segments/", collections.Segments.as_view(_MANY), name="api_segments"),
    path("api/v1/segments/bulk/", collections.Segments.as_view({"post": "bulk"}), name="api_segments_bulk"),
    path("api/v1/segments/<uuid:pk>/", collections.Segments.as_view(_ONE), name="api_segment"),
    path("api/v1/companies/", collections.Companies.as_view(), name="api_companies"),
    path("api/v1/companies/bulk/", collections.CompaniesBulk.as_view(), name="api_companies_bulk"),
    path(f"api/v1/companies/by-external-id/{_ID}/", collections.OneCompany.as_view(), name="api_company_upsert"),
    path(f"api/v1/companies/{_ID}/", collections.OneCompany.as_view(), name="api_company"),
    path("api/v1/scores/", collections.Scores.as_view(), name="api_scores"),
    path("api/v1/scores/<int:id>/", collections.OneScore.as_view(), name="api_score"),
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
    "api_segments": "scope:read/write",
    "api_segments_bulk": "scope:write",
    "api_segment": "scope:read/write",
    "api_companies": "scope:read/write",
    "api_companies_bulk": "scope:write",
    "api_company_upsert": "scope:read/write",
    "api_company": "scope:read/write",
    "api_scores": "scope:read/ingest|write",
    "api_score": "scope:read",
    "customers": "viewer",
    "customer": "viewer",
    "segments": "viewer/editor",
    "segment_size": "viewer",
    "segment_delete": "editor",
    "imports": "viewer/editor",
    "rejected": "editor",
    "rejected_replay": "editor",
    "import": "viewer",
    "import_map": "editor",
    "import_start": "editor",
    "import_undo": "editor",
    "import_progress": "viewer",
    "import_rejected": "editor",
}
