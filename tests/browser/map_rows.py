"""Rows for the browser tests of the map page, written into the database that the environment names; prints what the tests need.

Run as a process of its own: `python -m tests.browser.map_rows`.
"""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
django.setup()

from decimal import Decimal  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from journeys.models import JourneyMap, MapPersona  # noqa: E402
from tests import make  # noqa: E402
from touchpoints import editing  # noqa: E402
from workspaces import tenancy  # noqa: E402
from workspaces.models import Membership, User  # noqa: E402

STAGES = ("Осознание", "Исследование", "Решение", "Покупка")
LANES = ("actions", "touchpoints", "thoughts", "emotion_curve", "pain_points", "opportunities", "backstage", "systems")


def cookie(person: User, language: str = "ru") -> str:
    person.language = language
    person.save(update_fields=["language"])
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def draw(by: Membership, title: str) -> JourneyMap:
    row = JourneyMap.objects.create(title=title, owner=by)
    MapPersona.objects.create(map=row, persona=make.persona("Сергей", job_title="директор по продажам"))
    lanes = {kind: editing.add_lane(row, kind, by=by) for kind in LANES}
    for number, name in enumerate(STAGES, 1):
        stage = editing.add_stage(row, name, by=by, subtitle="Новый лид")
        editing.add_card(lanes["actions"], stage, f"Действие {number}", by=by)
        editing.add_card(lanes["thoughts"], stage, f"Мысль {number}", by=by)
        editing.add_card(lanes["backstage"], stage, f"Изнанка {number}", by=by)
        editing.add_card(lanes["systems"], stage, "CRM", by=by)
        placement = editing.add_placement(stage, f"Точка {number}", by=by, owner=by if number > 1 else None)
        valence = Decimal(number) / 2 - 2
        editing.add_emotion(stage, valence, by=by, labels=["doubt"], placement=placement)
        if number > 1:
            editing.add_emotion(stage, valence + 1, by=by, labels=["CSAT"], placement=placement, source="survey")
        pain = editing.add_pain(stage, f"Барьер {number}", by=by, monthly_loss=number * 100_000, placement=placement)
        editing.add_quote(pain, "«Слишком долго»", by=by, source="Интервью 14")
        editing.add_opportunity(stage, f"Возможность {number}", by=by)
    return row


def main() -> None:
    people = {name: make.user(name) for name in ("alice", "bob", "charlie", "eve")}
    place = make.workspace("Acme")
    alice = make.member(place, people["alice"], "owner", colour=1)
    make.member(place, people["bob"], "editor", colour=2)
    make.member(place, people["charlie"], "viewer", colour=3)
    make.member(place, people["eve"], "editor", colour=4)
    with tenancy.writing(place.pk):
        maps = {name: str(draw(alice, name).pk) for name in ("look", "edit", "keys", "drag", "pair", "bare")}
        maps["empty"] = str(JourneyMap.objects.create(title="Пустая").pk)
    cookies = {name: cookie(person, "en" if name == "eve" else "ru") for name, person in people.items()}
    print(json.dumps({"maps": maps, "cookies": cookies, "session": settings.SESSION_COOKIE_NAME}))  # noqa: T201


if __name__ == "__main__":
    main()
