"""Time in stage: how long visits last, those still open included (right-censored at `as_of`), by Kaplan-Meier.

Visits that began in the range count. n is the number of completed visits, open of those not over by `as_of`; quantiles come
from the survival curve and are null where it does not get there ("not reached"); mean, histogram and `done` are of completed
visits alone; `stuck` are open longer than 90 % of these.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F

from analytics import stats
from cjm.lib import conditions
from customers.models import StageVisit
from journeys.models import Stage

from .people import names_of

_MOST_POINTS = 400


def answer(question: Mapping[str, Any], *, workspace_id: UUID, now: datetime, progress: Any = None) -> dict[str, Any]:
    """One entry per living stage of the map, in order. Reads visits of the record: three queries."""
    moment, end = conditions.microseconds(now), question["to"]
    as_of = moment if end is None else min(moment, end)
    visits = StageVisit.objects.filter(map_id=question["map"], customer__erased_at__isnull=True, entered_at__lte=_moment(as_of))
    if question["from"] is not None:
        visits = visits.filter(entered_at__gte=_moment(question["from"]))
    by_stage: dict[UUID, list[tuple[int, int | None, int]]] = {}
    for stage, customer, entered, exited in visits.order_by("entered_at", "id").values_list(
        "stage_id", "customer_id", F("entered_at"), F("exited_at")
    ):
        over = None if exited is None or (at := conditions.microseconds(exited)) > as_of else at
        by_stage.setdefault(stage, []).append((conditions.microseconds(entered), over, customer))
    stages = Stage.objects.living().filter(map_id=question["map"]).order_by("rank", "id")
    return {
        "as_of": _moment(as_of).isoformat().replace("+00:00", "Z"),
        "stages": [_stage(stage, by_stage.get(stage.pk, []), as_of, question) for stage in stages],
    }


def _moment(at: int) -> datetime:
    from datetime import timedelta

    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


def _stage(stage: Stage, visits: list[tuple[int, int | None, int]], as_of: int, question: Mapping[str, Any]) -> dict[str, Any]:
    seconds = np.array([((as_of if over is None else over) - entered) / 1e6 for entered, over, _who in visits])
    is_over = np.array([over is not None for _entered, over, _who in visits], dtype=bool)
    done = seconds[is_over] if len(visits) else seconds
    curve = stats.kaplan_meier(seconds, is_over)
    out: dict[str, Any] = {
        "stage": str(stage.pk),
        "name": stage.name,
        "n": len(done),
        "open": len(visits) - len(done),
        "mean_seconds": float(done.mean()) if len(done) else None,
        "histogram": stats.histogram(done, question["bins"]),
        "curve": _curve(curve),
    }
    for name, share in (("median", 0.5), ("p25", 0.25), ("p75", 0.75), ("p90", 0.9)):
        out[f"{name}_seconds"] = stats.survival_quantile(curve, share)
    out["done"] = _of_done(done)
    beyond = out["done"]["p90_seconds"]
    is_stuck = ~is_over & (seconds > beyond) if beyond is not None else np.zeros(len(visits), dtype=bool)
    out["stuck"] = int(is_stuck.sum())
    if question["list_customers"]:
        names = names_of({who for _entered, _over, who in visits})
        out["customers"] = list(dict.fromkeys(names[who] for _entered, _over, who in visits if who in names))
        out["open_customers"] = list(dict.fromkeys(names[who] for _entered, over, who in visits if over is None and who in names))
        stuck = [who for (_entered, _over, who), is_one in zip(visits, is_stuck, strict=True) if is_one]
        out["stuck_customers"] = list(dict.fromkeys(names[who] for who in stuck if who in names))
    return out


def _of_done(seconds: Any) -> dict[str, float | None]:
    """Interpolated quantiles of the completed visits alone; whoever is open longer than their p90 is stuck."""
    names = ("p25_seconds", "median_seconds", "p75_seconds", "p90_seconds")
    if not len(seconds):
        return dict.fromkeys(names)
    return dict(zip(names, np.quantile(seconds, [0.25, 0.5, 0.75, 0.9]).tolist(), strict=True))


def _curve(curve: stats.Survival) -> list[list[float]]:
    """[seconds, survival], thinned to at most 400 points."""
    step = max(1, -(-len(curve.times) // _MOST_POINTS))
    return [[float(t), float(s)] for t, s in zip(curve.times[::step], curve.survival[::step], strict=True)]
