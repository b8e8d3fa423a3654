"""Rows for tests, made through the product's own models, in the active workspace."""

from typing import Any

from cjm.lib import ranks
from journeys.models import JourneyMap, Lane, Persona, Stage, StageTarget
from workspaces.models import Membership, User, Workspace
from workspaces.tokens import mint_token

PASSWORD = "correct horse battery"


def user(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name}@example.test", PASSWORD, name=name.title(), **fields)


def workspace(name: str = "Acme", **fields: Any) -> Workspace:
    return Workspace.objects.create(name=name, slug=fields.pop("slug", name.lower()), **fields)


def member(place: Workspace, person: User, role: str = "editor", **fields: Any) -> Membership:
    return Membership.objects.create(workspace=place, user=person, role=role, **fields)


def token(place: Workspace, *scopes: str) -> str:
    return mint_token(place, name="test", scopes=scopes or ("read", "write", "ingest", "admin"))[1]


def persona(name: str = "Сергей", **fields: Any) -> Persona:
    return Persona.objects.create(name=name, **fields)


def journey_map(
    title: str = "Карта", *, stages: tuple[str, ...] = ("Осознание", "Решение", "Покупка"), **fields: Any
) -> JourneyMap:
    """A map whose stage number n (from 1) is reached by the event "stage-n"."""
    row = JourneyMap.objects.create(title=title, **fields)
    for index, (name, rank) in enumerate(zip(stages, ranks.spread(len(stages)), strict=True), 1):
        column = Stage.objects.create(map=row, name=name, rank=rank)
        StageTarget.objects.create(stage=column, event=f"stage-{index}")
    kinds = ("actions", "touchpoints", "thoughts", "emotion_curve", "pain_points", "opportunities")
    for kind, rank in zip(kinds, ranks.spread(len(kinds)), strict=True):
        Lane.objects.create(map=row, kind=kind, rank=rank)
    return row
