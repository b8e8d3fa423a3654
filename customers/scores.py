"""Answers to surveys that arrive by themselves, without a touch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cjm.lib.refusals import Refusal

from .identity import find_customer
from .models import Score
from .shapes import Rejection, ScoreIn, check_score, convert, read_time


def record_score(workspace_id: UUID, body: Mapping[str, Any], *, now: datetime) -> Score:
    """Keeps one answer of a known customer, dated `at` or now."""
    try:
        shape = convert({name: body[name] for name in ("metric", "value", "comment") if name in body}, ScoreIn)
        check_score(shape)
        at = read_time(body["at"], "at", now=now) if body.get("at") is not None else now
    except Rejection as no:
        raise Refusal("invalid", no.detail, errors={no.field or "non_field_errors": [no.detail]}) from no
    customer = find_customer(str(body["customer"]))
    row: Score = Score.objects.create(
        customer=customer, metric=shape.metric, value=shape.value, comment=shape.comment or "", at=at
    )
    return row
