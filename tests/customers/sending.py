"""What the tests of this folder send, and how."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def touch(touch_id: str, customer: str | None, **fields: Any) -> dict[str, Any]:
    item = {"touch_id": touch_id, "customer": customer, "event": "signup", "occurred_at": "2026-03-02T09:00:00Z"} | fields
    return {
        name: value for name, value in item.items() if name != "customer" or value is not None or "anonymous_id" not in fields
    }


def post(api: Client, *items: Any, source: str = "crm", historical: bool = False) -> dict[str, Any]:
    """Posts touches; the answer's body, which must be a 201."""
    body = {"touches": list(items), "source": source, "historical": historical}
    response = api.post("/api/v1/touches/", body, content_type="application/json")
    assert response.status_code == 201, response.content
    answer: dict[str, Any] = response.json()
    return answer
