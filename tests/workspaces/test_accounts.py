"""Sign-up to home, sign-in links, passwords, language."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests import make
from workspaces.models import Letter, Membership, User, Workspace
from workspaces.signin_links import mint_signin_link

NEW = {"name": "Ирина Белова", "email": "irina@example.test", "password1": "сирень и медь 42"}
PLACE = {"name": "Ромашка", "timezone": "Asia/Omsk", "default_currency": "RUB", "week_start": "monday", "default_language": "ru"}


@pytest.fixture
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "workspaces.outbox.OutboxBackend"


def test_a_person_signs_up_and_makes_a_workspace(client: Client, db: None) -> None:
    assert client.post("/accounts/signup/", NEW)["Location"] == "/"
    assert client.get("/")["Location"] == "/workspaces/new/"
    assert client.post("/workspaces/new/", PLACE)["Location"] == "/w/romashka/"
    member = Membership.objects.get(user__email="irina@example.test")
    assert (member.role, member.workspace.timezone, str(member)) == ("owner", "Asia/Omsk", "Ирина Белова")
    assert client.get("/w/romashka/settings/").status_code == 200


def test_two_workspaces_of_one_name_get_two_addresses(as_alice: Client, workspace: Workspace) -> None:
    first, second = (as_alice.post("/workspaces/new/", PLACE)["Location"] for _turn in range(2))
    assert first == "/w/romashka/"
    assert re.fullmatch(r"/w/romashka-[0-9a-f]{4}/", second)


def test_a_wrong_time_zone_is_told_at_its_field(as_alice: Client, workspace: Workspace) -> None:
    page = as_alice.post("/workspaces/new/", PLACE | {"timezone": "Mars/Olympus"}).content.decode()
    assert 'id="id_timezone_error"' in page
    assert not Workspace.objects.filter(slug="romashka").exists()


def test_signing_in_and_out(client: Client, alice: User, workspace: Workspace) -> None:
    wrong = client.post("/accounts/login/", {"login": alice.email, "password": "not it"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()
    assert client.post("/accounts/login/", {"login": alice.email, "password": make.PASSWORD})["Location"] == "/"
    assert client.get("/w/acme/settings/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/w/acme/settings/").status_code == 302


def test_a_signin_link_works_once(alice: User, workspace: Workspace) -> None:
    path = mint_signin_link(alice)
    first, second = Client(), Client()
    assert first.get(path)["Location"] == "/"
    assert first.get("/w/acme/settings/").status_code == 200
    assert second.get(path).status_code == 410
    assert second.get("/w/acme/settings/").status_code == 302


def test_an_old_signin_link_does_not_work(alice: User, client: Client) -> None:
    assert client.get(mint_signin_link(alice, lasts=timedelta(seconds=-1))).status_code == 410


def test_a_password_is_reset_through_the_outbox(client: Client, outbox: None, alice: User, workspace: Workspace) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", Letter.objects.get().body)
    assert link
    form = client.get(link[1], follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "лодка и весло 7", "password2": "лодка и весло 7"})
    assert Client().login(email=alice.email, password="лодка и весло 7")


def test_the_command_prints_a_reset_link(client: Client, alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_link", alice.email)
    assert client.get(capsys.readouterr().out.strip(), follow=True).status_code == 200
    with pytest.raises(CommandError):
        call_command("reset_link", "nobody@example.test")


def test_a_stranger_chooses_the_language_by_cookie(client: Client, db: None) -> None:
    assert "Вход" in client.get("/accounts/login/").content.decode()
    assert client.post("/language/", {"language": "en", "next": "/accounts/login/"})["Location"] == "/accounts/login/"
    assert "Signing in" in client.get("/accounts/login/").content.decode()


def test_a_person_keeps_the_language(as_alice: Client, alice: User, workspace: Workspace) -> None:
    as_alice.post("/language/", {"language": "en", "next": "/w/acme/settings/"})
    alice.refresh_from_db()
    assert alice.language == "en"
    assert "Time zone" in as_alice.get("/w/acme/settings/").content.decode()


def test_the_language_switch_leads_nowhere_else(client: Client, db: None) -> None:
    assert client.post("/language/", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/language/", {"language": "xx", "next": "/"}).cookies.get("language") is None
