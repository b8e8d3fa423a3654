"""Members, tokens, notifications and the audit by REST; the OpenAPI document and its reference page."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from tests import make
from workspaces.models import Membership, Workspace


def send(api: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return api.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def program(workspace: Workspace, *scopes: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {make.token(workspace, *scopes)}"})


def test_members_are_listed_and_changed(api: Client, editor: Membership) -> None:
    rows = api.get("/api/v1/members/").json()["results"]
    assert {row["name"]: row["role"] for row in rows} == {"Alice": "owner", "Bob": "editor", "Charlie": "viewer"}
    got = api.get(f"/api/v1/members/{editor.pk}/")
    changed = send(api, "PATCH", f"members/{editor.pk}/", {"role": "admin"}, **{"If-Match": got["ETag"]})
    assert changed.json()["role"] == "admin"
    stale = send(api, "PATCH", f"members/{editor.pk}/", {"role": "viewer"}, **{"If-Match": got["ETag"]})
    assert (stale.status_code, stale.json()["current"]["role"]) == (412, "admin")


def test_members_are_changed_with_the_scope_admin_only(workspace: Workspace, editor: Membership) -> None:
    assert send(program(workspace, "read", "write"), "PATCH", f"members/{editor.pk}/", {"role": "admin"}).status_code == 403


def test_wrong_rights_are_refused(api: Client, owner: Membership, editor: Membership) -> None:
    for wrong in ({"role": "king"}, {"duties": ["sleep"]}, {"email": "x@example.test", "shoe": 1}):
        assert send(api, "PATCH", f"members/{editor.pk}/", wrong).status_code == 400
    assert send(api, "PATCH", f"members/{owner.pk}/", {"role": "editor"}).json()["code"] == "last_owner"


def test_a_member_is_removed_with_a_successor(api: Client, owner: Membership, editor: Membership) -> None:
    assert send(api, "DELETE", f"members/{editor.pk}/").status_code == 400
    assert send(api, "DELETE", f"members/{editor.pk}/?successor={uuid4()}").status_code == 400
    assert send(api, "DELETE", f"members/{editor.pk}/?successor={owner.pk}").status_code == 204
    assert send(api, "DELETE", f"members/{editor.pk}/?successor={owner.pk}").status_code == 404


def test_a_token_makes_no_wider_token(workspace: Workspace, api: Client) -> None:
    made = send(api, "POST", "tokens/", {"name": "CRM", "scopes": ["ingest"]})
    assert made.status_code == 201
    assert made.json()["token"].startswith("cjm_")
    assert "token" not in api.get("/api/v1/tokens/").json()["results"][-1]
    narrow = program(workspace, "admin")
    assert send(narrow, "POST", "tokens/", {"name": "x", "scopes": ["write"]}).status_code == 403
    assert send(api, "POST", "tokens/", {"name": "x", "scopes": []}).status_code == 400
    assert (
        send(api, "POST", "tokens/", {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}).status_code == 400
    )


def test_a_token_is_revoked_once_and_for_all(api: Client) -> None:
    made = send(api, "POST", "tokens/", {"name": "CRM", "scopes": ["read"]}).json()
    other = Client(headers={"Authorization": f"Bearer {made['token']}"})
    assert other.get("/api/v1/members/").status_code == 200
    for _turn in range(2):
        assert send(api, "DELETE", f"tokens/{made['id']}/").status_code == 204
    assert other.get("/api/v1/members/").status_code == 401


def test_notifications_are_told_and_read(api: Client, editor: Membership) -> None:
    line = send(api, "POST", "notifications/", {"to": str(editor.pk), "text": "Привет"}).json()
    assert [row["text"] for row in api.get(f"/api/v1/notifications/?to={editor.pk}").json()["results"]] == ["Привет"]
    assert send(api, "PATCH", f"notifications/{line['id']}/", {"is_read": True}).json()["read_at"]
    assert send(api, "PATCH", f"notifications/{line['id']}/", {"is_read": False}).json()["read_at"] is None
    assert send(api, "POST", "notifications/", {"to": str(editor.pk), "text": "x", "path": "//evil"}).status_code == 400
    assert api.get("/api/v1/notifications/?to=bob").json()["code"] == "invalid_filter"


def test_the_audit_is_filtered(api: Client, editor: Membership) -> None:
    send(api, "PATCH", f"members/{editor.pk}/", {"role": "admin"})
    send(api, "POST", "tasks/", {"title": "x"})
    rows = api.get(f"/api/v1/audit/?subject={editor.pk}").json()["results"]
    assert [(row["deed"], row["edits"][0]["after"]) for row in rows] == [("member.changed", {"role": "admin"})]
    assert [row["deed"] for row in api.get("/api/v1/audit/?kind=workspaces.task").json()["results"]] == ["task.created"]
    assert api.get("/api/v1/audit/?by=nobody").status_code == 400


def test_the_schema_is_openapi_3_1(client: Client, db: None) -> None:
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    document = json.loads(answer.content)
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/members/", "/api/v1/tokens/", "/api/v1/tasks/", "/api/v1/audit/"} <= set(document["paths"])


def test_the_reference_page_needs_nothing_from_outside(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/")
    text = page.content.decode()
    assert 'data-behaviour="reference"' in text
    assert "https://" not in text
    assert "script-src 'self'" in page["Content-Security-Policy"]
