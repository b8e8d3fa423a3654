"""Every route × every role and scope: who gets in is what the table of doors says."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from cjm.doors import DoorMiddleware
from tests import make
from tests.routes import Route, routes
from workspaces.models import Membership, User, Workspace
from workspaces.models.people import RANK
from workspaces.tokens import SCOPES

ALL = routes()
PAGES = [route for route in ALL if route.door.partition("/")[0] in RANK]
PROGRAMS = [route for route in ALL if route.door.startswith("scope:")]
ROLES = sorted(RANK, key=RANK.__getitem__)
METHODS = ("GET", "POST")


def needed(route: Route, method: str) -> str:
    reading, _slash, writing = route.door.removeprefix("scope:").partition("/")
    return reading if method == "GET" or not writing else writing


def enter(path: str, method: str, user: User | AnonymousUser, token: str = "") -> int:
    """The answer of the door alone: 299 stands for "the view was reached"."""

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=299)

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = getattr(RequestFactory(headers=headers), method.lower())(path)
    request.user = user
    request.htmx = False
    return DoorMiddleware(view)(request).status_code


@pytest.fixture
def people(workspace: Workspace) -> dict[str, User]:
    people = {role: make.user(f"one-{role}") for role in ROLES}
    for role, person in people.items():
        make.member(workspace, person, role)
    return people


def test_a_page_lets_in_the_roles_of_its_door(people: dict[str, User]) -> None:
    cases = [(route, role, method) for route in PAGES for role in ROLES for method in METHODS]
    wrong = [
        f"{method} {route.name} as {role}: {got}"
        for route, role, method in cases
        if (got := enter(route.path(), method, people[role])) != (299 if RANK[role] >= RANK[needed(route, method)] else 403)
    ]
    assert wrong == []


def test_a_page_turns_strangers_away(workspace: Workspace, as_mallory: Client) -> None:
    answers = {
        (route.name, method): as_mallory.generic(method, route.path()).status_code for route in PAGES for method in METHODS
    }
    assert {case: status for case, status in answers.items() if status != 404} == {}


def test_a_page_sends_the_signed_out_to_sign_in(workspace: Workspace, client: Client) -> None:
    doors = [route for route in ALL if route in PAGES or route.door == "signed_in"]
    answers = {(route.name, method): client.generic(method, route.path()) for route in doors for method in METHODS}
    assert [case for case, answer in answers.items() if not answer.get("Location", "").startswith("/accounts/login/")] == []


def test_a_removed_member_is_a_stranger(workspace: Workspace, editor: Membership, as_bob: Client) -> None:
    Membership.objects.filter(pk=editor.pk).update(removed_at="2026-01-01T00:00:00Z")
    assert {as_bob.get(route.path()).status_code for route in PAGES} == {404}


def test_a_program_needs_a_scope_of_the_door(workspace: Workspace) -> None:
    tokens = {scope: make.token(workspace, scope) for scope in SCOPES}
    cases = [(route, scope, method) for route in PROGRAMS for scope in SCOPES for method in METHODS]
    wrong = [
        f"{method} {route.name} with {scope}: {got}"
        for route, scope, method in cases
        if (got := enter(route.path(), method, AnonymousUser(), tokens[scope]))
        != (299 if scope in needed(route, method).split("|") else 403)
    ]
    assert wrong == []


def test_a_program_needs_a_token(workspace: Workspace, client: Client, as_alice: Client) -> None:
    forged = Client(headers={"Authorization": "Bearer cjm_0000000000_" + "0" * 40})
    cases = [(route, somebody, method) for route in PROGRAMS for somebody in (client, as_alice, forged) for method in METHODS]
    answers = [(route.name, somebody.generic(method, route.path())) for route, somebody, method in cases]
    assert {
        name for name, answer in answers if (answer.status_code, answer.json()["code"]) != (401, "not_authenticated")
    } == set()


def test_the_installation_door_takes_only_its_own_token(workspace: Workspace) -> None:
    path = next(route for route in ALL if route.door == "installation").path()
    assert enter(path, "POST", AnonymousUser(), make.token(workspace)) == 403


def test_every_door_is_of_a_known_kind() -> None:
    strange = [
        route.name for route in ALL if route not in PAGES + PROGRAMS and route.door not in ("public", "signed_in", "installation")
    ]
    assert strange == []
