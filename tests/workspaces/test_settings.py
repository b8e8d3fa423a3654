"""Settings, tokens, audit, inbox, search, the shell."""

import re
from uuid import uuid4

from django.test import Client

from tests import make
from touchpoints import editing
from workspaces import inbox
from workspaces.models import Change, Membership, Notification, Token, Workspace

SETTINGS = {"name": "Акме", "timezone": "Asia/Tokyo", "default_currency": "USD", "week_start": "sunday", "default_language": "en"}


def test_an_administrator_changes_the_settings(as_alice: Client, workspace: Workspace) -> None:
    assert as_alice.post("/w/acme/settings/", SETTINGS).status_code == 302
    workspace.refresh_from_db()
    assert (workspace.name, workspace.timezone, workspace.week_start) == ("Акме", "Asia/Tokyo", "sunday")
    assert Change.objects.get(deed="workspace.changed").edits[0]["before"]["timezone"] == "Europe/Moscow"


def test_saving_the_same_settings_notes_nothing(as_alice: Client, workspace: Workspace) -> None:
    for _turn in range(2):
        as_alice.post("/w/acme/settings/", SETTINGS)
    assert Change.objects.filter(deed="workspace.changed").count() == 1


def test_wrong_settings_change_nothing(as_alice: Client, workspace: Workspace) -> None:
    for wrong in ({"timezone": "Mars/Olympus"}, {"default_currency": "XXX"}, {"week_start": "friday"}, {"name": ""}):
        assert 'class="field-row__error"' in as_alice.post("/w/acme/settings/", SETTINGS | wrong).content.decode()
    workspace.refresh_from_db()
    assert workspace.name == "Acme"


def test_a_reader_sees_the_settings_and_changes_nothing(as_charlie: Client, workspace: Workspace) -> None:
    assert as_charlie.get("/w/acme/settings/").status_code == 200
    assert as_charlie.post("/w/acme/settings/", SETTINGS).status_code == 403


def test_a_token_is_shown_once_and_works(as_alice: Client, workspace: Workspace) -> None:
    page = as_alice.post("/w/acme/settings/tokens/", {"name": "CRM", "scopes": ["read"], "days": 30}).content.decode()
    words = re.search(r"cjm_[0-9a-f]{10}_[0-9a-f]{40}", page)
    assert words
    assert words[0] not in as_alice.get("/w/acme/settings/tokens/").content.decode()
    program = Client(headers={"Authorization": f"Bearer {words[0]}"})
    assert program.get("/api/v1/members/").status_code == 200
    as_alice.post(f"/w/acme/settings/tokens/{Token.objects.get().pk}/revoke/")
    assert program.get("/api/v1/members/").status_code == 401


def test_a_token_needs_a_scope(as_alice: Client, workspace: Workspace) -> None:
    as_alice.post("/w/acme/settings/tokens/", {"name": "CRM", "days": 30})
    as_alice.post("/w/acme/settings/tokens/", {"name": "CRM", "scopes": ["everything"], "days": 30})
    assert not Token.objects.exists()


def test_a_token_of_another_workspace_is_not_revoked(as_alice: Client, workspace: Workspace) -> None:
    make.token(Workspace.objects.get(slug="foreign"))
    assert as_alice.post(f"/w/acme/settings/tokens/{Token.objects.get().pk}/revoke/").status_code == 404


def test_the_audit_tells_who_did_what(as_alice: Client, workspace: Workspace, owner: Membership, editor: Membership) -> None:
    drawn = make.journey_map("Карта")
    stage = drawn.stages.order_by("rank").first()
    editing.change_stage(stage, {"name": "Знакомство"}, by=editor)
    page = as_alice.get("/w/acme/audit/").content.decode()
    assert "Изменено: этап «Знакомство»" in page
    assert "Осознание" in page
    assert "Bob" in page


def test_the_audit_is_filtered(as_alice: Client, workspace: Workspace, owner: Membership, editor: Membership) -> None:
    one, other = make.journey_map("Первая"), make.journey_map("Вторая")
    editing.change_map(one, {"title": "Первая карта"}, by=owner)
    editing.change_map(other, {"title": "Вторая карта"}, by=editor)
    for query in (f"subject={one.pk}", f"person={owner.pk}"):
        page = as_alice.get(f"/w/acme/audit/?{query}").content.decode()
        assert "Первая карта" in page
        assert "Вторая карта" not in page
    assert as_alice.get(f"/w/acme/audit/?subject={uuid4()}&kind=nothing&person=x&before=abc").status_code == 200


def test_the_audit_has_pages(
    as_alice: Client, workspace: Workspace, owner: Membership, django_assert_max_num_queries: object
) -> None:
    drawn = make.journey_map("Карта")
    for number in range(60):
        editing.change_map(drawn, {"title": f"Название {number:02}"}, by=owner)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        first = as_alice.get("/w/acme/audit/").content.decode()
    following = re.search(r'rel="next" href="\?(before=\d+)"', first)
    assert following
    second = as_alice.get(f"/w/acme/audit/?{following[1]}").content.decode()
    assert second.count("Изменено: карта") == 10


def test_the_inbox_is_read(as_alice: Client, workspace: Workspace, owner: Membership, editor: Membership) -> None:
    line = inbox.notify(owner, "note", "Вам передана карта", path="/w/acme/settings/")
    inbox.notify(editor, "note", "Чужая строка")
    page = as_alice.get("/w/acme/inbox/").content.decode()
    assert "Вам передана карта" in page
    assert "Чужая строка" not in page
    assert as_alice.post("/w/acme/inbox/read/", {"id": line.pk})["Location"] == "/w/acme/settings/"
    as_alice.post("/w/acme/inbox/read/")
    assert [row.to for row in Notification.objects.filter(read_at__isnull=True)] == [editor]


def test_search_finds_whatever_the_case(as_alice: Client, workspace: Workspace) -> None:
    make.journey_map("Путь Сергея")
    make.persona("Сергей Демидов")
    page = as_alice.get("/w/acme/search/?q=СЕРГЕ", headers={"HX-Request": "true"}).content.decode()
    assert "Путь Сергея" in page
    assert "Сергей Демидов" in page
    assert "<html" not in page


def test_search_without_words_or_luck(as_alice: Client, workspace: Workspace) -> None:
    for query in ("", "?q=", "?q=я", "?q=" + "щ" * 300, "?q=%25"):
        assert as_alice.get(f"/w/acme/search/{query}").status_code == 200


def test_the_demo_bears_its_badge(as_alice: Client, workspace: Workspace) -> None:
    assert "nav__demo" not in as_alice.get("/w/acme/settings/").content.decode()
    Workspace.objects.filter(pk=workspace.pk).update(is_demo=True)
    assert "nav__demo" in as_alice.get("/w/acme/settings/").content.decode()


def test_errors_are_pages(as_alice: Client, as_charlie: Client, workspace: Workspace) -> None:
    missing = as_alice.get("/w/acme/nothing-here/")
    assert (missing.status_code, "Такой страницы нет" in missing.content.decode()) == (404, True)
    denied = as_charlie.get("/w/acme/settings/tokens/")
    assert (denied.status_code, "Ваша роль" in denied.content.decode()) == (403, True)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/language/", {"language": "en"}).status_code == 403


def test_a_nul_sign_is_refused_everywhere(as_alice: Client, workspace: Workspace) -> None:
    assert as_alice.get("/w/acme/search/?q=%00").status_code == 400
    assert as_alice.get("/w/acme/maps/%00/").status_code == 400
