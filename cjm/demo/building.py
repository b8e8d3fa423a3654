"""Makes the demo workspace by the deeds that people and programs use; what takes long is left to the workers as imports."""

import io
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import translation

from automations.folding import fold_all
from customers import import_work, importing
from customers.models import Import
from customers.recording import record_touches, upsert_customers
from journeys.models import JourneyMap
from touchpoints.exchange import import_map
from workspaces import due, tenancy
from workspaces.models import Membership, User, Workspace

from . import files, improvements, saas_map, shop_map, story
from .people import EMAILS, MEMBERS
from .traffic import generate

logger = logging.getLogger(__name__)
SLUG: Final = "demo"
NAMES: Final = ("Демо-компания", "Demo company")
CUSTOMERS: Final = 50_000
FIRST_TOUCHES: Final = 10_000
SHOP_FILE: Final = Path(__file__).resolve().parent.parent / "data" / "ecom_touches.csv.gz"
SHOP_ROWS: Final = 31_106
SHOP_FIELDS: Final = ("customer", "props", "event", "occurred_at", "props", "channel", "props", "attrs")
_ENGAGEMENT: Final = {
    "weights": {
        "demo_held": 9, "integration_viewed": 4, "whitepaper_downloaded": 3, "proposal_opened": 4, "pricing_viewed": 5,
        "webinar_attended": 4, "call_held": 4, "email_opened": 1, "deal_agreed": 10, "report_opened": 2,
    },
    "default_weight": 1.0, "half_life_days": 21.0, "full_at": 46.0,
}  # fmt: skip


def start(
    *, base_now: datetime, language: str = "ru", customers: int = CUSTOMERS, first: int = FIRST_TOUCHES, with_shop: bool = True
) -> Workspace:
    """The demo with both maps and its first touches, ready to be looked at; the rest of the traffic waits for the workers.

    Called again while there is a demo it gives back the standing one.
    """
    standing = Workspace.objects.filter(slug=SLUG, is_demo=True).first()
    if standing is not None:
        return standing
    with translation.override(language):
        place, people = _make_workspace(base_now, language)
        _draw_maps(place, people, base_now, language)
        _bring_traffic(place, people["ДШ"], base_now, language, customers=customers, first=first, with_shop=with_shop)
    logger.info("demo.started", extra={"workspace": str(place.pk)})
    return place


@transaction.atomic
def _make_workspace(now: datetime, language: str) -> tuple[Workspace, dict[str, Membership]]:
    pick = 0 if language == "ru" else 1
    place = Workspace.objects.create(
        name=NAMES[pick], slug=SLUG, is_demo=True, default_language=language, timezone="Europe/Moscow", created_at=now,
        settings={"engagement": _ENGAGEMENT},
    )  # fmt: skip
    people = {}
    for order, (mark, name, role, function, duties, colour) in enumerate(MEMBERS):
        user = User.objects.filter(email=EMAILS[mark]).first() or User.objects.create_user(EMAILS[mark])
        User.objects.filter(pk=user.pk).update(name=name[pick])
        people[mark] = Membership.objects.create(
            workspace=place, user=user, role=role, function=function, duties=list(duties), colour=colour,
            created_at=now + timedelta(microseconds=order),
        )  # fmt: skip
    return place, people


def _draw_maps(place: Workspace, people: dict[str, Membership], now: datetime, language: str) -> None:
    with tenancy.writing(place.pk):
        drawn = import_map(saas_map.document(language), by=people["ДШ"])
        on_map = improvements.place_of(drawn)
        known = improvements.add_metrics(on_map, people=people, language=language, today=now.astimezone(files.ZONE).date())
        improvements.add_hypotheses(on_map, people=people, known=known, language=language)
        import_map(shop_map.document(language), by=people["НВ"])
        reviewed = {"last_light_review_at": now - timedelta(days=3), "last_deep_review_at": now - timedelta(days=33)}
        JourneyMap.objects.filter(pk=drawn.pk).update(**reviewed)
    fold_all(place.pk)  # the stages of the maps are known before the first touch comes


def _bring_traffic(
    place: Workspace, by: Membership, now: datetime, language: str, *, customers: int, first: int, with_shop: bool
) -> None:
    """The first touches at once; then the rest and the shop's file as imports that wait for a worker."""
    calendar = files.Calendar(now)
    journeys = generate(customers)
    upsert_customers(place.pk, files.customers(journeys, calendar=calendar, language=language), now=now)
    _tell_stories(place.pk, calendar, language, now)
    beginning, rest = files.tables(journeys, calendar=calendar, language=language, first=first)
    name = ("касания-начало.csv", "касания.csv") if language == "ru" else ("touches-first.csv", "touches.csv")
    row = _receive(place.pk, io.BytesIO(beginning.text), name=name[0], source="crm", by=by)
    import_work.work_through(row)
    start_checked(place.pk)
    import_work.work_on(place.pk)
    fold_all(place.pk)
    if with_shop:
        shop = io.BytesIO(SHOP_FILE.read_bytes())
        _receive(place.pk, shop, name=SHOP_FILE.name, source="ecom", by=by, fields=SHOP_FIELDS)
    if rest.rows:
        _receive(place.pk, io.BytesIO(rest.text), name=name[1], source="crm", by=by)
    with tenancy.writing(place.pk):
        waiting = Workspace.objects.select_for_update().get(pk=place.pk)
        waiting.settings |= {
            "demo": {"customers": customers, "rows": beginning.rows + rest.rows + (SHOP_ROWS if with_shop else 0)}
        }
        waiting.save(update_fields=["settings"])
        due.mark(place.pk, "demo")


def _receive(
    workspace_id: UUID, file: io.BytesIO, *, name: str, source: str, by: Membership, fields: tuple[str, ...] = files.FIELDS
) -> Import:
    with tenancy.writing(workspace_id):
        row = importing.receive_file(file, name=name, by=by, source=source)
        importing.map_columns(row, fields=list(fields), timezone="UTC", source=source, historical=True, by=by)
        return row


def start_checked(workspace_id: UUID) -> int:
    """Starts the demo's imports whose dry run is over, as a person would by a click; returns how many."""
    with tenancy.writing(workspace_id):
        ready = list(Import.objects.filter(state=Import.State.CHECKED, started_at__isnull=True).order_by("created_at", "id"))
        for row in ready:
            importing.start_import(row, by=row.created_by)
    return len(ready)


def _tell_stories(workspace_id: UUID, calendar: files.Calendar, language: str, now: datetime) -> None:
    for person, moments in story.PEOPLE:
        touches = files.story_touches(person["external_id"], moments, calendar=calendar, language=language)
        upsert_customers(workspace_id, [files.story_customer(person, touches, language)], now=now)
        record_touches(workspace_id, touches, source="crm", historical=True, now=now)
