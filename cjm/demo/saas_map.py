"""The map of Сергей, as a document for `touchpoints.exchange.import_map`. Texts are pairs: Russian, English."""

from typing import Any, Final

from . import events
from .events import KINDS, TARGETS, Pair
from .people import EMAILS
from .saas_words import (
    ACTIONS,
    BACKSTAGE,
    CHANNELS,
    EXPECTATIONS,
    OPPORTUNITIES,
    PAINS,
    PERSONA,
    SCENARIO,
    STAGES,
    SYSTEMS,
    THOUGHTS,
    TRAINING_FACTS,
)
from .words import told

TITLE: Final = "B2B SaaS CRM"
# By stage: touchpoint, icon, owner, control, emotion as told, its label, emotion as measured, the event behind it.
POINTS: Final[tuple[tuple[tuple[Pair, str, str, str, float, str, float | None, str], ...], ...]] = (
    (
        (events.BLOG, "doc", "МК", "full", 0.7, "curiosity", None, "article"),
        (events.SEARCH, "search", "МК", "partial", -0.5, "", None, "search"),
    ),
    (
        (events.LANDING, "globe", "МК", "full", 0.8, "interest", 0.1, "form"),
        (events.PAPERS, "doc", "МК", "full", 0.5, "", 0.6, "guide"),
        (events.WEBINAR, "video", "НВ", "full", -0.5, "doubt", -0.1, "webinar"),
    ),
    (
        (events.DEMO, "screen", "ОТ", "full", 1.3, "hope", 1.4, "demo"),
        (events.CALL, "phone", "ОТ", "full", 0.3, "", 0.3, "call"),
        (events.PROPOSAL, "ruble", "", "full", -1.2, "anxiety", -1.5, "proposal"),
    ),
    (
        (events.CONTRACT, "sign", "ЕЛ", "partial", -1.3, "irritation", -0.8, "contract"),
        (events.PAYMENT, "card", "ЕЛ", "full", 0.9, "relief", 0.9, "paid"),
    ),
    (
        (events.WELCOME, "mail", "МК", "full", 1.6, "enthusiasm", 0.6, "welcome"),
        (events.TRAINING, "cap", "ПР", "full", -1.8, "frustration", -1.4, "lesson"),
        (events.SUPPORT, "headset", "ЕЛ", "full", 1.2, "success", 1.3, "ticket"),
    ),
    (
        (events.PRODUCT, "cube", "НВ", "full", 1.5, "satisfaction", 1.0, "used"),
        (events.NEWS, "mail", "МК", "full", 0.6, "", 0.5, "news"),
        (events.SUPPORT, "headset", "ЕЛ", "full", 1.0, "", 1.1, "ticket"),
    ),
    (
        (events.REVIEWS, "star", "ДШ", "partial", 1.7, "pride", 1.5, "review"),
        (events.REFERRALS, "people", "ДШ", "none", 1.5, "", 1.4, "referral"),
    ),
)
_LANES: Final = (
    ("actions", ""),
    ("touchpoints", ""),
    ("thoughts", ("Мысли", "Thoughts")),
    ("expectations", ("Ожидания", "Expectations")),
    ("emotion_curve", ("Эмоции", "Emotions")),
    ("pain_points", ("Барьеры", "Barriers")),
    ("opportunities", ("Возможности", "Opportunities")),
    ("metrics", ("Метрики", "Metrics")),
    ("backstage", ("Закулисье", "Backstage")),
    ("systems", ("Системы", "Systems")),
)


def document(language: str) -> dict[str, Any]:
    """The whole map in one language."""
    stages = [_stage(number) for number in range(len(STAGES))]
    placements, touchpoints, emotions = _points()
    pains, evidence, links = _pains()
    return dict(
        told(
            {
                "format": "cjm.map",
                "version": 1,
                "map": {
                    "title": TITLE,
                    "kind": "current_state",
                    "language": language,
                    "owner": EMAILS["МК"],
                    "currency": "RUB",
                    "average_cheque": "186000.00",
                    "template": "b2b-saas-crm",
                    "scenario": SCENARIO,
                    "scope_from": ("Первое касание", "First touch"),
                    "scope_to": ("Рекомендация", "Recommendation"),
                },
                "personas": [{"key": "sergey"} | PERSONA],
                "map_personas": [{"persona": "sergey", "colour": 1, "order": 0}],
                "stages": stages,
                "lanes": [{"key": kind, "kind": kind, "title": title} for kind, title in _LANES],
                "channels": [
                    {"key": f"c-{code}", "code": code, "name": name, "group": group} for code, (name, group) in CHANNELS.items()
                ],
                "touchpoints": touchpoints,
                "placements": placements,
                "emotion_points": emotions,
                "pain_points": pains,
                "evidence": evidence,
                "pain_evidence": links,
                "opportunities": [
                    {"key": f"o{number}", "stage": f"s{stage}", "pain": f"b{stage}", "how_might_we": text, "owner": EMAILS[owner]}
                    for number, (stage, text, owner) in enumerate(OPPORTUNITIES)
                ],
                "cards": _cards(),
                "reviews": [],
            },
            language,
        )
    )


def _stage(number: int) -> dict[str, Any]:
    stage = STAGES[number]
    targets = [{"name": KINDS[name].titles[0], "event": KINDS[name].event} for name in TARGETS[number]]
    return {"key": f"s{number}", "targets": targets} | stage


def _points() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    placements: list[dict[str, Any]] = []
    touchpoints: dict[str, dict[str, Any]] = {}
    emotions: list[dict[str, Any]] = []
    for stage, points in enumerate(POINTS):
        for place, (name, icon, owner, control, valence, label, measured, kind) in enumerate(points):
            key = f"t-{name[1]}"
            channel = KINDS[kind].channel
            touchpoints[key] = {
                "key": key, "name": name, "code": name[1].lower().replace(" ", "-").replace(",", "").replace("'", ""),
                "channel": f"c-{channel}", "control": control, "icon": icon,
            }  # fmt: skip
            placed = {"key": f"tp{stage}-{place}", "touchpoint": key, "stage": f"s{stage}", "event": KINDS[kind].event}
            placements.append(placed | ({"owner": EMAILS[owner]} if owner else {}) | (TRAINING_FACTS if kind == "lesson" else {}))
            point = {"stage": f"s{stage}", "placement": placed["key"], "persona": "sergey"}
            emotions.append(point | {"valence": str(valence), "labels": [label] if label else [], "source": "interview"})
            if measured is not None:
                emotions.append(point | {"valence": str(measured), "source": "survey"})
    return placements, list(touchpoints.values()), emotions


def _pains() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    pains, evidence, links = [], [], []
    for stage, pain in enumerate(PAINS):
        row = {"key": f"b{stage}", "stage": f"s{stage}"} | {name: value for name, value in pain.items() if name != "quotes"}
        pains.append(row | ({"placement": "tp4-1"} if stage == 4 else {}))
        for number, (kind, source, quote) in enumerate(pain["quotes"]):
            key = f"v{stage}-{number}"
            evidence.append({"key": key, "kind": kind, "source": source, "quote": quote, "in_customer_words": True})
            links.append({"pain": f"b{stage}", "evidence": key})
    return pains, evidence, links


def _cards() -> list[dict[str, Any]]:
    lanes = (("actions", ACTIONS), ("thoughts", THOUGHTS), ("expectations", EXPECTATIONS), ("backstage", BACKSTAGE))
    cards = [
        {"lane": lane, "stage": f"s{stage}", "text": text} for lane, texts in lanes for stage, text in enumerate(texts) if text
    ]
    return cards + [
        {"lane": "systems", "stage": f"s{stage}", "text": name} for stage, names in enumerate(SYSTEMS) for name in names
    ]
