"""The people and places of every test: alice owns, bob edits, charlie reads, mallory is a stranger. The network is off."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["CJM_DATA"] = tempfile.mkdtemp(prefix="cjm-tests-")  # every test process has its own data folder

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from cjm import translations  # noqa: E402
from cjm.lib import clock  # noqa: E402
from tests import make  # noqa: E402
from workspaces import tenancy  # noqa: E402
from workspaces.models import Membership, User, Workspace  # noqa: E402

settings.DATA_DIR = Path(os.environ["CJM_DATA"])  # pytest-django has read the settings before this file
settings.MEDIA_ROOT = settings.DATA_DIR / "files"
settings.LOCALE_PATHS = [settings.DATA_DIR / "locale"]
settings.ANALYTICS_INLINE = True
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash would be most of a test's time
translations.compile_stale()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    if connection.vendor == "postgresql":
        for name in ("options", "pool"):
            settings.DATABASES["default"]["OPTIONS"].pop(name, None)
            connection.settings_dict["OPTIONS"].pop(name, None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """On PostgreSQL every test runs as the bound role, so that row-level security holds in tests too."""
    if connection.vendor != "postgresql":
        yield
        return
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"grant truncate on all tables in schema public to {settings.DATABASE_ROLE}")
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = f"-c role={settings.DATABASE_ROLE}"
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"].pop("options")


@pytest.fixture(autouse=True)
def network_off(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test reached for the network: {address}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def clock_back() -> Iterator[None]:
    yield
    clock.install(None)


@pytest.fixture
def alice(db: None) -> User:
    return make.user("alice")


@pytest.fixture
def bob(db: None) -> User:
    return make.user("bob")


@pytest.fixture
def charlie(db: None) -> User:
    return make.user("charlie")


@pytest.fixture
def mallory(db: None) -> User:
    return make.user("mallory")


@pytest.fixture
def workspace(alice: User, bob: User, charlie: User, mallory: User) -> Iterator[Workspace]:
    """Acme with its three members, active; mallory owns a workspace of her own."""
    place = make.workspace("Acme")
    make.member(place, alice, "owner", colour=1)
    make.member(place, bob, "editor", colour=2)
    make.member(place, charlie, "viewer", colour=3)
    make.member(make.workspace("Foreign"), mallory, "owner")
    with tenancy.reading(place.pk):
        yield place


@pytest.fixture
def owner(workspace: Workspace, alice: User) -> Membership:
    return Membership.objects.get(workspace=workspace, user=alice)


@pytest.fixture
def editor(workspace: Workspace, bob: User) -> Membership:
    return Membership.objects.get(workspace=workspace, user=bob)


@pytest.fixture
def reader(workspace: Workspace, charlie: User) -> Membership:
    return Membership.objects.get(workspace=workspace, user=charlie)


@pytest.fixture
def as_alice(alice: User) -> Client:
    return _signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return _signed_in(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return _signed_in(charlie)


@pytest.fixture
def as_mallory(mallory: User) -> Client:
    return _signed_in(mallory)


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def api(workspace: Workspace) -> Client:
    """A program with a full-scope token; pass JSON with content_type="application/json"."""
    return Client(headers={"Authorization": f"Bearer {make.token(workspace)}"})
