"""How a map begins: from a template of the product, with the lanes of its kind, or as the wished-for state of another map."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys import templates
from journeys.models import JourneyMap, Lane, Persona
from journeys.templates import Template
from workspaces import changes
from workspaces.changes import Author
from workspaces.models import Membership

from . import exchange_tables
from .exchange import export_map, import_map
from .overview import sparkline

K = Lane.Kind
Z = Lane.Zone
LANES: dict[str, tuple[tuple[str, str], ...]] = {
    JourneyMap.Kind.CURRENT_STATE: (
        (K.ACTIONS, ""), (K.TOUCHPOINTS, ""), (K.THOUGHTS, ""), (K.EXPECTATIONS, ""), (K.EMOTION_CURVE, ""), (K.PAIN_POINTS, ""),
        (K.OPPORTUNITIES, ""), (K.HYPOTHESES, ""), (K.METRICS, ""),
    ),
    JourneyMap.Kind.FUTURE_STATE: (
        (K.ACTIONS, ""), (K.TOUCHPOINTS, ""), (K.EXPECTATIONS, ""), (K.EMOTION_CURVE, ""), (K.OPPORTUNITIES, ""),
        (K.HYPOTHESES, ""), (K.METRICS, ""),
    ),
    JourneyMap.Kind.DAY_IN_THE_LIFE: (
        (K.CONTEXT, ""), (K.ACTIONS, ""), (K.THOUGHTS, ""), (K.NEEDS, ""), (K.EMOTION_CURVE, ""), (K.TOUCHPOINTS, ""),
        (K.PAIN_POINTS, ""), (K.OPPORTUNITIES, ""),
    ),
    JourneyMap.Kind.SERVICE_BLUEPRINT: (
        (K.PHYSICAL_EVIDENCE, ""), (K.ACTIONS, ""), (K.TOUCHPOINTS, ""), (K.EMOTION_CURVE, ""), (K.PAIN_POINTS, ""),
        (K.METRICS, ""), (K.FRONTSTAGE, Z.FRONTSTAGE),
        (K.BACKSTAGE, Z.BACKSTAGE), (K.SUPPORT_PROCESSES, Z.SUPPORT), (K.SYSTEMS, Z.SUPPORT),
    ),
}  # fmt: skip
FIRST = ("b2b-saas-crm", "online-school-7", "blank")
_CARRIERS = {
    "placements": K.TOUCHPOINTS,
    "emotion_points": K.EMOTION_CURVE,
    "pain_points": K.PAIN_POINTS,
    "opportunities": K.OPPORTUNITIES,
}


@dataclass(frozen=True)
class Preview:
    """A template as its card shows it: the curve, and which stages have a pain and an opportunity."""

    template: Template
    curve: str
    pains: list[bool]
    opportunities: list[bool]
    summary: str


def preview(template: Template) -> Preview:
    payload = template.payload
    valences = [float(point["valence"]) for point in payload.get("emotion_points", [])]
    return Preview(
        template, sparkline(valences), _where(template, "pain_points"), _where(template, "opportunities"), _summary(template)
    )


def _where(template: Template, name: str) -> list[bool]:
    taken = {row["stage"] for row in template.payload.get(name, [])}
    return [stage["key"] in taken for stage in template.stages]


def _summary(template: Template) -> str:
    """ "7 stages, 18 touchpoints, 6 pain points" """
    if template.is_blank:
        return _("The stages can be changed")
    counts = [len(template.stages), template.count("placements"), template.count("pain_points")]
    words = (
        ngettext("%(n)d stage", "%(n)d stages", counts[0]),
        ngettext("%(n)d touchpoint", "%(n)d touchpoints", counts[1]),
        ngettext("%(n)d pain point", "%(n)d pain points", counts[2]),
    )
    return ", ".join(text % {"n": n} for text, n in zip(words, counts, strict=True))


@transaction.atomic
def make_map(
    code: str, *, by: Author, title: str = "", language: str = "ru", kind: str = JourneyMap.Kind.CURRENT_STATE,
    persona: Persona | str | None = None, currency: str = "",
) -> JourneyMap:  # fmt: skip
    """A new map of a template. `persona`: one of the library, the name of a new one, or None for the template's own."""
    is_day = code == "blank" and kind == JourneyMap.Kind.DAY_IN_THE_LIFE
    template = templates.find_template(templates.BLANK_DAY if is_day else code, language)
    payload = dict(template.payload)
    payload["map"] = payload["map"] | {"kind": kind, "owner": _email(by)} | ({"currency": currency} if currency else {})
    payload["lanes"] = _lanes(payload, kind)
    if persona is not None:
        payload |= _peopled(payload, persona)
    return import_map(payload, by=by, title=title.strip() or None)


@transaction.atomic
def derive_future(map: JourneyMap, *, by: Author, title: str = "") -> JourneyMap:
    """The wished-for state of a map: a copy that is free to change, its stages tied to those of today."""
    payload = export_map(map)
    own = {"kind": JourneyMap.Kind.FUTURE_STATE, "derived_from": str(map.pk), "template": "", "owner": _email(by)}
    payload["map"] |= own | {"last_light_review_at": None, "last_deep_review_at": None}
    today = [str(stage.pk) for stage in sorted(map.stages.filter(deleted_at=None), key=lambda stage: (stage.rank, str(stage.pk)))]
    for stage, counterpart in zip(payload["stages"], today, strict=True):
        stage["counterpart"] = counterpart
    payload["hypotheses"], payload["reviews"] = [], []
    payload["cards"] = [card for card in payload["cards"] if card["hypothesis"] is None]
    subjects = {"map", *_keys(payload)}
    payload["translations"] = [one for one in payload["translations"] if one["subject"] in subjects]
    named = title.strip() or _("%(title)s: as it should be") % {"title": map.title}
    return import_map(payload, by=by, title=named[:200])


def _keys(payload: dict[str, Any]) -> Iterator[str]:
    for name, rows in payload.items():
        if isinstance(rows, list) and name != "translations":
            yield from (row["key"] for row in rows)
    for stage in payload["stages"]:
        yield from (row["key"] for name in exchange_tables.NESTED for row in stage[name])


def _lanes(payload: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The lanes of a kind, and before what lies behind the scenes those lanes of the template that hold something."""
    given = payload.get("lanes", [])
    if kind == JourneyMap.Kind.CURRENT_STATE:
        return list(given)
    by_kind = {row["kind"]: row for row in given}
    filled = {row["lane"] for row in payload.get("cards", [])}
    filled |= {by_kind[lane]["key"] for name, lane in _CARRIERS.items() if payload.get(name) and lane in by_kind}
    wanted = [
        by_kind.get(lane, {"key": f"lane-{lane}", "kind": lane}) | ({"blueprint_zone": zone} if zone else {})
        for lane, zone in LANES[kind]
    ]
    extra = [row for row in given if row["key"] in filled and row["kind"] not in {lane for lane, _zone in LANES[kind]}]
    front = [row for row in wanted if not row.get("blueprint_zone")]
    return [*front, *extra, *(row for row in wanted if row.get("blueprint_zone"))]


def _peopled(payload: dict[str, Any], persona: Persona | str) -> dict[str, Any]:
    """The document with this persona in the place of the template's own."""
    if isinstance(persona, str):
        row: dict[str, Any] = {"name": persona.strip()}
    else:
        row = {name: changes.dump(getattr(persona, name)) for name in exchange_tables.fields_of(Persona)}
    points = [{**point, "persona": "p1"} for point in payload.get("emotion_points", [])]
    link = {"persona": "p1", "colour": 1, "order": 0}
    return {"personas": [{"key": "p1", **row}], "map_personas": [link], "emotion_points": points}


def _email(by: Author) -> str | None:
    return by.user.email if isinstance(by, Membership) else None
