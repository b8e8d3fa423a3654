"""The catalogue behind the maps: channels and touchpoints. A change here is told to every map that uses the item."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.models import Change

from .models import Channel, Touchpoint, TouchpointPlacement

D, H, P = Channel.Group.DIGITAL, Channel.Group.HUMAN, Channel.Group.PRODUCT
_IN, _OUT, _BOTH = Channel.Direction.INBOUND, Channel.Direction.OUTBOUND, Channel.Direction.BOTH
CHANNELS: Mapping[str, tuple[str, str, str, str]] = {  # code: group, direction, Russian, English
    "website": (D, _IN, "Сайт", "Website"),
    "landing": (D, _IN, "Лендинг", "Landing page"),
    "blog": (D, _IN, "Блог", "Blog"),
    "seo": (D, _IN, "Поиск (SEO)", "Search (SEO)"),
    "email_nurture": (D, _OUT, "Письма прогрева", "Nurturing e-mails"),
    "email_transactional": (D, _OUT, "Служебные письма", "Transactional e-mails"),
    "newsletter": (D, _OUT, "Рассылка", "Newsletter"),
    "ads_context": (D, _OUT, "Контекстная реклама", "Search ads"),
    "ads_targeted": (D, _OUT, "Таргетированная реклама", "Targeted ads"),
    "ads_retargeting": (D, _OUT, "Ретаргетинг", "Retargeting"),
    "social": (D, _BOTH, "Социальные сети", "Social networks"),
    "messenger": (D, _BOTH, "Мессенджеры", "Messengers"),
    "podcast": (D, _OUT, "Подкаст", "Podcast"),
    "pr": (D, _OUT, "Публикации в СМИ", "Press"),
    "call_in": (H, _IN, "Входящий звонок", "Incoming call"),
    "call_out": (H, _OUT, "Исходящий звонок", "Outgoing call"),
    "meeting_online": (H, _BOTH, "Онлайн-встреча", "Online meeting"),
    "meeting_offline": (H, _BOTH, "Личная встреча", "Meeting in person"),
    "support_chat": (H, _IN, "Чат поддержки", "Support chat"),
    "support_ticket": (H, _IN, "Обращение в поддержку", "Support ticket"),
    "service_desk": (H, _IN, "Сервис-деск", "Service desk"),
    "event": (H, _BOTH, "Мероприятие", "Event"),
    "webinar": (H, _OUT, "Вебинар", "Webinar"),
    "product_ui": (P, _BOTH, "Интерфейс продукта", "Product interface"),
    "docs": (P, _IN, "Документация", "Documentation"),
    "faq": (P, _IN, "Вопросы и ответы", "FAQ"),
    "training_video": (P, _IN, "Обучающие видео", "Training videos"),
    "in_app": (P, _OUT, "Уведомления в продукте", "In-app notifications"),
}


@transaction.atomic
def preload_channels(*, by: Author, language: str | None = None) -> int:
    """Fills an empty list of channels with the usual ones, named in that language; gives how many were added. Safe to repeat."""
    if Channel.objects.exists():
        return 0
    place = 2 if (language or get_language() or "ru")[:2] == "ru" else 3
    for code, words in CHANNELS.items():
        row = Channel(code=code, group=words[0], direction=words[1], name=words[place], is_owned=not code.startswith("ads_"))
        changes.write(row, "channel.preloaded", by=by, edits=[changes.create(row)])
    return len(CHANNELS)


def add_touchpoint(name: str, *, by: Author, **fields: Any) -> Touchpoint:
    """Adds an item to the catalogue; a living one of the same name is refused."""
    row = Touchpoint(name=name.strip(), **fields)
    _check_name(row.name)
    changes.write(row, "touchpoint.created", by=by, edits=[changes.create(row)])
    return row


def change_touchpoint(row: Touchpoint, values: Mapping[str, Any], *, by: Author, seen: int | None = None) -> Change | None:
    if "name" in values:
        _check_name(str(values["name"]).strip(), but=row)
    return write_item(row, "touchpoint.changed", Edit(row, values, seen), by=by)


def archive_touchpoint(row: Touchpoint, *, is_archived: bool, by: Author) -> Change | None:
    deed = "touchpoint.archived" if is_archived else "touchpoint.restored"
    return write_item(row, deed, Edit(row, {"archived_at": now() if is_archived else None}), by=by)


def delete_touchpoint(row: Touchpoint, *, by: Author, seen: int | None = None) -> Change | None:
    """Deletes an item that stands on no map."""
    if maps_of(row):
        raise Refusal("in_use", _("This touchpoint stands on a map. Take it off the maps first, or archive it."), status=409)
    return changes.write(row, "touchpoint.deleted", by=by, edits=[changes.delete(row, seen=seen)])


@transaction.atomic
def write_item(row: Touchpoint, deed: str, edit: Edit, *, by: Author) -> Change | None:
    """One change of the item, appended to the log of every map that uses it."""
    change = changes.write(row, deed, by=by, edits=[edit])
    if change is not None:
        for map in maps_of(row):
            changes.record(map, deed, by=by, lines=change.edits)
    return change


def maps_of(row: Touchpoint) -> list[JourneyMap]:
    """Living maps where the item stands; one query."""
    placed = Q(stages__placements__touchpoint=row, stages__placements__deleted_at__isnull=True, stages__deleted_at__isnull=True)
    return list(JourneyMap.objects.living().filter(placed).distinct().order_by("created_at", "id"))


def catalogue(*, query: str = "", channel: Channel | None = None, is_archived: bool = False) -> list[Touchpoint]:
    """Items by name with channel, owner and `places`: [(map, stage)]; two queries."""
    rows = Touchpoint.objects.living().filter(archived_at__isnull=not is_archived)
    if channel is not None:
        rows = rows.filter(channel=channel)
    found = [row for row in rows.select_related("channel", "owner__user") if _matches(row, query)]
    places = _places([row.pk for row in found])
    for row in found:
        row.places = places.get(row.pk, [])  # type: ignore[attr-defined]
    return sorted(found, key=lambda row: (row.name.casefold(), str(row.pk)))


def channels() -> list[Channel]:
    """Living channels, grouped and by name; one query."""
    order = list(Channel.Group)
    rows = Channel.objects.living().filter(archived_at__isnull=True)
    return sorted(rows, key=lambda row: (order.index(Channel.Group(row.group)), row.name.casefold(), str(row.pk)))


def _matches(row: Touchpoint, query: str) -> bool:
    """In Python, because SQLite folds the case of Latin letters only."""
    words = " ".join((row.name, row.description, row.channel.name if row.channel else "")).casefold()
    return all(word in words for word in query.casefold().split())


def _places(items: list[Any]) -> dict[Any, list[tuple[JourneyMap, Any]]]:
    rows = TouchpointPlacement.objects.living().filter(touchpoint__in=items)
    rows = rows.filter(stage__deleted_at__isnull=True, stage__map__deleted_at__isnull=True).select_related("stage__map")
    out: dict[Any, list[tuple[JourneyMap, Any]]] = {}
    for placement in rows.order_by("created_at", "id"):
        out.setdefault(placement.touchpoint_id, []).append((placement.stage.map, placement.stage))
    return out


def _check_name(name: str, *, but: Touchpoint | None = None) -> None:
    if not name:
        raise Refusal("invalid", _("Give the touchpoint a name."), errors={"name": [_("Give the touchpoint a name.")]})
    for row in Touchpoint.objects.living():
        if row.name.casefold() == name.casefold() and (but is None or row.pk != but.pk):
            text = _("The library has a touchpoint of this name already.")
            raise Refusal("duplicate", text, status=409, errors={"name": [text]})
