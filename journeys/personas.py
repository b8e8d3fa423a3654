"""Deeds on personas: typical representatives of a segment, kept in the workspace's library."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.models import Change

from .models import JourneyMap, MapPersona, Persona

COLOURS = 6


def create_persona(values: Mapping[str, Any], *, by: Author) -> Persona:
    persona = Persona(**values)
    changes.write(persona, "persona.created", by=by, edits=[changes.create(persona)])
    return persona


def change_persona(persona: Persona, values: Mapping[str, Any], *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(persona, "persona.changed", by=by, edits=[Edit(persona, values, seen=seen)])


@transaction.atomic
def delete_persona(persona: Persona, *, by: Author) -> Change | None:
    """Takes the persona off every map, each in its own log, then deletes it."""
    links = MapPersona.objects.living().filter(persona=persona).select_related("map").order_by("map_id")
    for link in links:
        changes.write(link.map, "persona.unassigned", by=by, edits=[changes.delete(link)])
    return changes.write(persona, "persona.deleted", by=by, edits=[changes.delete(persona)])


def add_to_map(map: JourneyMap, persona: Persona, *, by: Author) -> MapPersona:
    """Puts a persona on a map, behind those that are there; one that was taken off comes back."""
    links = list(MapPersona.objects.filter(map=map).order_by("order", "created_at", "id"))
    living = [link for link in links if link.deleted_at is None]
    if any(link.persona_id == persona.pk for link in living):
        raise Refusal("already_there", _("This persona is on the map already."))
    place = {"order": max((link.order for link in living), default=-1) + 1, "colour": len(living) % COLOURS + 1}
    former: MapPersona | None = next((link for link in links if link.persona_id == persona.pk), None)
    if former is not None:
        changes.write(map, "persona.assigned", by=by, edits=[Edit(former, {"deleted_at": None, **place})])
        return former
    link = MapPersona(map=map, persona=persona, **place)
    changes.write(map, "persona.assigned", by=by, edits=[changes.create(link)])
    return link


def remove_from_map(map: JourneyMap, persona: Persona, *, by: Author) -> Change | None:
    links = MapPersona.objects.living().filter(map=map, persona=persona)
    return changes.write(map, "persona.unassigned", by=by, edits=[changes.delete(link) for link in links])


def put_first(map: JourneyMap, persona: Persona, *, by: Author) -> Change | None:
    """Makes a persona the map's main one: its curve is drawn with points and labels."""
    links = list(MapPersona.objects.living().filter(map=map).order_by("order", "created_at", "id"))
    links.sort(key=lambda link: link.persona_id != persona.pk)
    edits = [Edit(link, {"order": order}) for order, link in enumerate(links)]
    return changes.write(map, "persona.moved", by=by, edits=edits)


def list_personas() -> list[Persona]:
    """Every persona with the number of its maps; one query."""
    on_maps = Q(map_links__deleted_at=None, map_links__map__deleted_at=None)
    rows = Persona.objects.living().annotate(maps=Count("map_links", filter=on_maps, distinct=True))
    return list(rows.order_by("order", "created_at", "id"))


def maps_of(persona: Persona) -> dict[str, list[JourneyMap]]:
    """The maps that it is on and the others; one query each."""
    living = JourneyMap.objects.living().order_by("title", "id")
    mine = list(living.filter(persona_links__persona=persona, persona_links__deleted_at=None))
    others = living.filter(archived_at__isnull=True).exclude(pk__in=[map.pk for map in mine])
    return {"maps": mine, "other_maps": list(others)}


def of_map(map: JourneyMap) -> tuple[list[MapPersona], list[Persona]]:
    """The personas of a map in their order, and those it could have; two queries."""
    links = MapPersona.objects.living().filter(map=map, persona__deleted_at=None).select_related("persona")
    there = list(links.order_by("order", "created_at", "id"))
    others = Persona.objects.living().exclude(pk__in=[link.persona_id for link in there])
    return there, list(others.order_by("order", "name", "id"))
