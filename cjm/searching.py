"""Where search looks: one provider per part of the product, each a fixed number of queries."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from journeys.models import JourneyMap, Persona
from touchpoints.models import Hypothesis, Touchpoint
from workspaces import searching
from workspaces.models import Membership
from workspaces.searching import Found, matching


def install() -> None:
    """Hands the providers in; safe to repeat."""
    searching.install("maps", _("Maps"), "map", _maps)
    searching.install("personas", _("Personas"), "persona", _personas)
    searching.install("touchpoints", _("Touchpoints"), "blocks", _touchpoints)
    searching.install("hypotheses", _("Hypotheses"), "flask", _hypotheses)
    searching.install("customers", _("Customers"), "people", _customers)


def _maps(member: Membership, words: str, limit: int) -> Sequence[Found]:
    rows = _standing(JourneyMap.objects.filter(matching(words, "title", "scenario")), limit)
    return _found((row.title, row.get_kind_display(), _to(member, "touchpoints:map", row.pk)) for row in rows)


def _personas(member: Membership, words: str, limit: int) -> Sequence[Found]:
    rows = _standing(Persona.objects.filter(matching(words, "name", "job_title")), limit)
    return _found((row.name, row.job_title, _to(member, "journeys:persona", row.pk)) for row in rows)


def _touchpoints(member: Membership, words: str, limit: int) -> Sequence[Found]:
    rows = _standing(Touchpoint.objects.filter(matching(words, "name", "description")).select_related("channel"), limit)
    return _found(
        (row.name, row.channel.name if row.channel else "", _to(member, "touchpoints:touchpoint", row.pk)) for row in rows
    )


def _hypotheses(member: Membership, words: str, limit: int) -> Sequence[Found]:
    rows = _standing(Hypothesis.objects.filter(matching(words, "statement")), limit)
    return _found((row.statement, row.get_status_display(), _to(member, "touchpoints:hypothesis", row.pk)) for row in rows)


def _customers(member: Membership, words: str, limit: int) -> Sequence[Found]:
    living = Customer.objects.filter(deleted_at__isnull=True, merged_into__isnull=True)
    rows = living.filter(matching(words, "name", "email", "external_id")).order_by("-id")[:limit]
    return _found((row.name or row.external_id, row.email, _to(member, "customers:customer", row.external_id)) for row in rows)


def _standing(rows: QuerySet[Any], limit: int) -> QuerySet[Any]:
    return rows.filter(deleted_at__isnull=True, archived_at__isnull=True).order_by("-updated_at", "-id")[:limit]


def _found(lines: Iterable[tuple[str, Any, str]]) -> list[Found]:
    return [Found(title, str(note), href) for title, note, href in lines if href]


def _to(member: Membership, route: str, key: Any) -> str:
    try:
        return reverse(route, args=[member.workspace.slug, key])
    except NoReverseMatch:
        return ""
