"""What has done its service goes; what is young stays."""

from datetime import UTC, datetime, timedelta

import pytest

from cjm.tasks import tidy
from workspaces.models import IdempotencyKey, Letter, SigninLink, Workspace
from workspaces.models.people import User

AGES = [timedelta(hours=1), timedelta(days=40)]


@pytest.fixture
def moment() -> datetime:
    return datetime.now(UTC)


def test_old_letters_go(db: None, moment: datetime) -> None:
    for age in AGES:
        Letter.objects.create(to="a@b.example", subject=str(age), body="", at=moment - age)
    tidy()
    assert [letter.subject for letter in Letter.objects.all()] == [str(AGES[0])]


def test_links_that_ran_out_go(alice: User, moment: datetime) -> None:
    for number, ends_in in enumerate((timedelta(hours=1), timedelta(hours=-1))):
        SigninLink.objects.create(user=alice, digest=str(number), expires_at=moment + ends_in)
    tidy()
    assert [link.digest for link in SigninLink.objects.all()] == ["0"]


def test_old_idempotency_keys_go(workspace: Workspace, moment: datetime) -> None:
    for age in AGES:
        IdempotencyKey.objects.create(key=str(age), path="/", body_digest="", created_at=moment - age)
    tidy()
    assert [row.key for row in IdempotencyKey.objects.all()] == [str(AGES[0])]
