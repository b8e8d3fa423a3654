"""Roles, removal with a successor, invitations, links to a new password."""

import re
from typing import Any

import pytest
from django.test import Client

from journeys.models import JourneyMap
from tests import make
from workspaces import members, tenancy
from workspaces.models import Change, Invitation, Letter, Membership, Notification, Task, User, Workspace

BASE = "/w/acme/settings"


@pytest.fixture
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "workspaces.outbox.OutboxBackend"


def rights(role: str) -> dict[str, object]:
    return {"role": role, "function": "sales", "duties": ["sales"]}


def test_an_owner_changes_rights(as_alice: Client, editor: Membership) -> None:
    assert as_alice.post(f"{BASE}/members/{editor.pk}/", rights("admin")).status_code == 302
    editor.refresh_from_db()
    assert (editor.role, editor.function, editor.duties) == ("admin", "sales", ["sales"])
    assert Change.objects.get(deed="member.changed").by.user.name == "Alice"


def test_an_editor_changes_nobody(as_bob: Client, editor: Membership) -> None:
    assert as_bob.post(f"{BASE}/members/{editor.pk}/", rights("owner")).status_code == 403


def test_an_administrator_makes_no_owner(as_bob: Client, editor: Membership, reader: Membership, owner: Membership) -> None:
    Membership.objects.filter(pk=editor.pk).update(role="admin")
    assert as_bob.post(f"{BASE}/members/{reader.pk}/", rights("owner")).status_code == 403
    assert as_bob.post(f"{BASE}/members/{owner.pk}/", rights("viewer")).status_code == 403
    assert as_bob.post(f"{BASE}/members/{reader.pk}/", rights("admin")).status_code == 302


def test_the_last_owner_stays(as_alice: Client, owner: Membership, editor: Membership) -> None:
    assert as_alice.post(f"{BASE}/members/{owner.pk}/", rights("editor")).status_code == 409
    assert as_alice.post(f"{BASE}/members/{owner.pk}/remove/", {"successor": editor.pk}).status_code == 409
    Membership.objects.filter(pk=editor.pk).update(role="owner")
    assert as_alice.post(f"{BASE}/members/{owner.pk}/remove/", {"successor": editor.pk})["Location"] == "/"
    assert as_alice.get(f"{BASE}/").status_code == 404


def test_a_removed_member_hands_everything_over(
    as_alice: Client, workspace: Workspace, owner: Membership, editor: Membership
) -> None:
    kept = make.journey_map("Карта Боба", owner=editor)
    task = Task.objects.create(title="Позвонить", assignee=editor)
    assert as_alice.post(f"{BASE}/members/{editor.pk}/remove/", {"successor": owner.pk}).status_code == 302
    kept.refresh_from_db()
    task.refresh_from_db()
    assert (kept.owner, kept.revision, task.assignee) == (owner, 2, owner)
    assert len(Change.objects.get(deed="member.removed").edits) == 3
    assert members.owned_count(editor) == 0


def test_whoever_takes_over_is_told(as_alice: Client, workspace: Workspace, editor: Membership, reader: Membership) -> None:
    make.journey_map("Карта Боба", owner=editor)
    as_alice.post(f"{BASE}/members/{editor.pk}/remove/", {"successor": reader.pk})
    assert "Bob" in Notification.objects.get(to=reader).text


def test_every_kind_of_owner_field_is_handed_over() -> None:
    assert {f"{model._meta.label}.{name}" for model, name in members.owning_fields()} >= {
        "journeys.JourneyMap.owner",
        "touchpoints.TouchpointPlacement.owner",
        "touchpoints.Touchpoint.owner",
        "touchpoints.Opportunity.owner",
        "touchpoints.Hypothesis.owner",
        "journeys.Metric.owner",
        "workspaces.Task.assignee",
    }


def test_nobody_leaves_without_a_successor(as_alice: Client, workspace: Workspace, editor: Membership) -> None:
    foreign = Membership.objects.get(workspace__slug="foreign")
    for successor in ("", editor.pk, foreign.pk):
        assert as_alice.post(f"{BASE}/members/{editor.pk}/remove/", {"successor": successor}).status_code == 400
    editor.refresh_from_db()
    assert editor.removed_at is None


def test_a_reader_removes_only_themselves(as_charlie: Client, editor: Membership, reader: Membership, owner: Membership) -> None:
    assert as_charlie.post(f"{BASE}/members/{editor.pk}/remove/", {"successor": owner.pk}).status_code == 403
    assert as_charlie.post(f"{BASE}/members/{reader.pk}/remove/", {"successor": owner.pk})["Location"] == "/"


def invite(client: Client, **fields: object) -> str:
    page = client.post(f"{BASE}/members/invite/", {"role": "editor", "days": 14} | fields)
    assert page.status_code == 201
    found = re.search(r"http://testserver(/join/[^\"]+)", page.content.decode())
    assert found
    return found[1]


def test_an_invitation_makes_a_member(as_alice: Client, workspace: Workspace, as_mallory: Client, mallory: User) -> None:
    path = invite(as_alice, role="commenter")
    assert "Acme" in as_mallory.get(path).content.decode()
    assert as_mallory.post(path)["Location"] == "/w/acme/"
    assert Membership.objects.get(workspace=workspace, user=mallory).role == "commenter"


def test_an_invitation_works_for_one(as_alice: Client, workspace: Workspace, as_mallory: Client, client: Client) -> None:
    path = invite(as_alice)
    as_mallory.post(path)
    assert client.get(path).status_code == 404


def test_a_stranger_signs_up_through_an_invitation(as_alice: Client, workspace: Workspace, client: Client) -> None:
    path = invite(as_alice)
    assert f"/accounts/signup/?next={path}" in client.get(path).content.decode()
    assert client.post(path).status_code == 200
    new = {"name": "Лена", "email": "lena@example.test", "password1": "сирень и медь 42", "next": path}
    assert client.post("/accounts/signup/", new)["Location"] == path
    assert client.post(path)["Location"] == "/w/acme/"


def test_a_removed_member_comes_back_by_invitation(
    as_alice: Client, owner: Membership, editor: Membership, as_bob: Client
) -> None:
    as_alice.post(f"{BASE}/members/{editor.pk}/remove/", {"successor": owner.pk})
    assert as_bob.get(f"{BASE}/").status_code == 404
    as_bob.post(invite(as_alice, role="viewer"))
    editor.refresh_from_db()
    assert (editor.role, editor.removed_at) == ("viewer", None)


def test_a_revoked_invitation_does_not_work(as_alice: Client, workspace: Workspace, as_mallory: Client) -> None:
    path = invite(as_alice)
    for _turn in range(2):
        assert as_alice.post(f"{BASE}/invitations/{Invitation.objects.get().pk}/revoke/").status_code == 302
    assert as_mallory.post(path).status_code == 404
    assert Change.objects.filter(deed="member.uninvited").count() == 1


def test_an_administrator_invites_no_owner(as_bob: Client, editor: Membership) -> None:
    Membership.objects.filter(pk=editor.pk).update(role="admin")
    assert as_bob.post(f"{BASE}/members/invite/", {"role": "owner", "days": 14}).status_code == 400


def test_an_invitation_with_an_address_lies_in_the_outbox(as_alice: Client, outbox: None, workspace: Workspace) -> None:
    path = invite(as_alice, email="new@example.test")
    assert path in Letter.objects.get().body
    assert path in as_alice.get(f"{BASE}/outbox/").content.decode()


def test_letters_of_others_stay_hidden(
    as_alice: Client, outbox: None, workspace: Workspace, client: Client, mallory: User, bob: User
) -> None:
    for person in (mallory, bob):
        client.post("/accounts/password/reset/", {"email": person.email})
    page = as_alice.get(f"{BASE}/outbox/").content.decode()
    assert bob.email in page
    assert mallory.email not in page


def test_an_owner_hands_out_a_link_to_a_new_password(as_alice: Client, editor: Membership, client: Client) -> None:
    page = as_alice.post(f"{BASE}/members/{editor.pk}/reset/").content.decode()
    found = re.search(r"http://testserver(/accounts/password/reset/key/[^\"]+)", page)
    assert found
    assert client.get(found[1], follow=True).status_code == 200


def test_no_link_for_somebody_who_is_also_elsewhere(as_alice: Client, workspace: Workspace, mallory: User) -> None:
    guest = make.member(workspace, mallory, "viewer")
    assert as_alice.post(f"{BASE}/members/{guest.pk}/reset/").status_code == 403


def test_an_administrator_gets_no_link_of_an_owner(as_bob: Client, editor: Membership, owner: Membership) -> None:
    Membership.objects.filter(pk=editor.pk).update(role="admin")
    assert as_bob.post(f"{BASE}/members/{owner.pk}/reset/").status_code == 403


def test_a_map_of_a_removed_member_is_still_theirs_in_the_log(
    as_alice: Client, workspace: Workspace, owner: Membership, editor: Membership
) -> None:
    with tenancy.writing(workspace.pk):
        made = make.journey_map("Карта Боба", owner=editor, created_by=editor)
    as_alice.post(f"{BASE}/members/{editor.pk}/remove/", {"successor": owner.pk})
    assert JourneyMap.objects.get(pk=made.pk).created_by == editor
