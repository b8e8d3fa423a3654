"""What the views of this app share: who asks, how lists are cut, how items are drawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cjm.lib.refusals import Refusal
from customers.models import Customer, Touch
from workspaces.models import Workspace
from workspaces.rest import EDGES_OF_TIME, once
from workspaces.rest_defaults import Pages

OVERLAP = timedelta(seconds=30)  # a transaction may commit this long after it took its time


class View(APIView):
    """A view whose POSTs take an Idempotency-Key."""

    @property
    def workspace(self) -> Workspace:
        place: Workspace = self.request._request.workspace  # type: ignore[attr-defined]
        return place

    @property
    def workspace_id(self) -> UUID:
        return self.workspace.pk

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or not key:
            return super().dispatch(request, *args, **kwargs)
        return once(request, key, lambda: super(View, self).dispatch(request, *args, **kwargs))

    def page(self, request: Request, rows: models.QuerySet[Any], draw: Any, *, ordering: tuple[str, ...] = ("id",)) -> Response:
        """One page of a list, cut by a cursor."""
        pages = _Ordered(ordering)
        return pages.get_paginated_response([draw(row) for row in pages.paginate_queryset(rows, request, view=self) or ()])


class _Ordered(Pages):
    def __init__(self, ordering: tuple[str, ...]) -> None:
        self.wanted = ordering

    def get_ordering(self, request: Request, queryset: models.QuerySet[Any], view: Any) -> tuple[str, ...]:
        return self.wanted


def fields_of(body: Any, *, known: Sequence[str], required: Sequence[str] = ()) -> Mapping[str, Any]:
    """The body as an object of known fields."""
    if not isinstance(body, Mapping):
        raise Refusal("invalid", _("The body must be an object."))
    errors = {name: [_("This field is not known.")] for name in sorted(set(body) - set(known))}
    errors |= {name: [_("This field is required.")] for name in required if body.get(name) is None}
    if errors:
        raise Refusal("invalid", _("Some fields are wrong."), errors=errors)
    return body


def refuse(name: str, text: str, *, code: str = "invalid") -> Refusal:
    return Refusal(code, text, errors={name: [text]})


def draw_touch(touch: Touch) -> dict[str, Any]:
    """A touch with its identity and customer loaded."""
    identity = touch.identity
    score = {"metric": touch.score_metric, "value": touch.score_value} if touch.score_metric else None
    return {
        "id": touch.pk,
        "touch_id": touch.touch_id,
        "source": touch.source,
        "customer": identity.customer.external_id,
        "anonymous_id": identity.value if identity.kind == identity.Kind.ANONYMOUS else None,
        "event": touch.event,
        "occurred_at": touch.occurred_at,
        "received_at": touch.received_at,
        "channel": touch.channel or None,
        "touchpoint": touch.touchpoint or None,
        "value": str(touch.value) if touch.value is not None else None,
        "currency": touch.currency or None,
        "score": score,
        "props": touch.props,
    }


def draw_customer(customer: Customer) -> dict[str, Any]:
    """A customer with its company loaded; an erased one is only a tombstone."""
    company = customer.company
    return {
        "id": customer.pk,
        "external_id": None if customer.erased_at else customer.external_id,
        "name": customer.name,
        "email": customer.email,
        "timezone": customer.timezone or None,
        "attrs": customer.attrs,
        "consent": customer.consent,
        "company": {"external_id": company.external_id, "name": company.name} if company else None,
        "is_anonymous": customer.is_anonymous,
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
        "deleted_at": customer.deleted_at,
        "merged_into": customer.merged_into.external_id if customer.merged_into else None,
    }


def etag(customer: Customer) -> str:
    return f'"{int(customer.updated_at.timestamp() * 1_000_000)}"'


def moment(text: str, name: str) -> datetime:
    try:
        value = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise refuse(name, _("A time is ISO 8601 with a zone.")) from error
    if value.tzinfo is None or value.year in EDGES_OF_TIME:
        raise refuse(name, _("A time is ISO 8601 with a zone."))
    return value
