"""Who is on a map right now, and in which cell: kept in the cache for half a minute, told to all listeners."""

from typing import Any

from django.core.cache import cache

from cjm.lib.clock import now
from journeys.models import JourneyMap
from workspaces import changes, live
from workspaces.models import Membership

LASTS_SECONDS = 40


def announce(map: JourneyMap, member: Membership, *, cell: str, is_leaving: bool = False) -> None:
    """Marks the member as present, or gone, and tells the others."""
    people = _people(map)
    people.pop(str(member.pk), None)
    if not is_leaving:
        people[str(member.pk)] = {
            "name": str(member),
            "initials": member.initials,
            "colour": (member.colour - 1) % 6 + 1,
            "cell": cell[:120],
            "at": now().timestamp(),
        }
    cache.set(_key(map), people, LASTS_SECONDS)
    live.publish(changes.topic(map), {"people": listed(map)})


def listed(map: JourneyMap) -> list[dict[str, Any]]:
    """The people on the map, by name; no query."""
    rows = [{"member": key, **person} for key, person in _people(map).items()]
    return sorted(rows, key=lambda person: (person["name"], person["member"]))


def _people(map: JourneyMap) -> dict[str, dict[str, Any]]:
    oldest = now().timestamp() - LASTS_SECONDS
    known: dict[str, dict[str, Any]] = cache.get(_key(map)) or {}
    return {key: person for key, person in known.items() if person["at"] > oldest}


def _key(map: JourneyMap) -> str:
    return f"{map.workspace_id}:presence:{map.pk}"
