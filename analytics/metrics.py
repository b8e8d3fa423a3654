"""The metrics that stand on a map: what they show now, and the deeds on them. Each deed is one change of the map's log.

Shares stand in percent and times in days, in values, targets and points alike; reports give fractions and seconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.dashboard import Told, tell
from analytics.models import MetricPlacement, MetricPoint
from analytics.periods import Period
from cjm.lib import clock, ranks
from cjm.lib.refusals import Refusal
from customers.models import Touch
from journeys.models import JourneyMap, Metric, Stage, StageTarget
from touchpoints.models import TouchpointPlacement
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.tenancy import Drawn

DAY = 86_400
CONVERSION = "conversion"  # the tag of a typed metric that stands on the boundary before its stage
Query = Metric.Query


@dataclass(frozen=True)
class Figure:
    """A metric on the map with its value; `on` is the day of a typed value, `n` the denominator of a live one."""

    placed: MetricPlacement
    value: float | None = None
    n: int | None = None
    on: date | None = None
    is_pending: bool = False
    points: Sequence[MetricPoint] = field(default_factory=tuple)

    @property
    def metric(self) -> Metric:
        return self.placed.metric

    @property
    def is_typed(self) -> bool:
        return self.metric.query == Query.TYPED

    @property
    def is_conversion(self) -> bool:
        return CONVERSION in self.metric.tags

    @property
    def is_low(self) -> bool:
        """On the wrong side of its target."""
        target, value = self.metric.target, self.value
        if target is None or value is None:
            return False
        return value < target if self.metric.is_better_up else value > target

    @property
    def is_reached(self) -> bool:
        return self.metric.target is not None and self.value is not None and not self.is_low


@dataclass(frozen=True)
class Figures:
    """All metrics of a map in order, and what the report about the live ones says."""

    all: Sequence[Figure]
    told: Told | None = None

    def of_stage(self, stage: Stage) -> list[Figure]:
        return [one for one in self.all if one.placed.stage_id == stage.pk and one.placed.placement_id is None]

    def of_placement(self, id: Any) -> list[Figure]:
        return [one for one in self.all if one.placed.placement_id == id]


def of_map(row: JourneyMap, period: Period) -> Figures:
    """Every metric of the map; two queries and, where one is live, one report."""
    placed = MetricPlacement.objects.living().filter(stage__map=row, stage__deleted_at=None, metric__deleted_at=None)
    return _figures(placed, period)


def of_one(stage: Stage, placement: TouchpointPlacement | None, period: Period) -> Figures:
    placed = MetricPlacement.objects.living().filter(stage=stage, placement=placement, metric__deleted_at=None)
    return _figures(placed, period)


def _figures(rows: Any, period: Period) -> Figures:
    placed = list(rows.select_related("metric").order_by("rank", "id"))
    points: dict[Any, list[MetricPoint]] = {}
    typed = MetricPoint.objects.filter(metric__in=[one.metric_id for one in placed], cohort="", deleted_at=None)
    for point in typed.order_by("-date", "id"):
        points.setdefault(point.metric_id, []).append(point)
    live = list(dict.fromkeys(str(one.metric_id) for one in placed if one.metric.query != Query.TYPED))
    told = tell("metrics", {"metrics": live, "to": period.end.isoformat()}) if live else None
    values = (told.answer or {}).get("values", {}) if told else {}
    return Figures([_figure(one, points.get(one.metric_id, []), values, told) for one in placed], told)


def _figure(placed: MetricPlacement, points: Sequence[MetricPoint], values: Mapping[str, Any], told: Told | None) -> Figure:
    if placed.metric.query == Query.TYPED:
        last = points[0] if points else None
        return Figure(placed, last.value if last else None, last.n if last else None, last.date if last else None, points=points)
    found = values.get(str(placed.metric_id))
    if found is None:
        return Figure(placed, is_pending=told is not None and told.is_pending)
    return Figure(placed, shown_value(placed.metric, found["value"]), found["n"])


def shown_value(metric: Metric, value: float | None) -> float | None:
    """A report's value in the unit of the metric: percent and days."""
    if value is None:
        return None
    return value * 100 if metric.query == Query.RATIO else value / DAY if metric.query == Query.MEDIAN_TIME else value


# ------------------------------------------------------------------------------------------------ deeds


def add_metric(
    stage: Stage, placement: TouchpointPlacement | None, values: Mapping[str, Any], *, by: Author, value: float | None = None,
    on: date | None = None,
) -> MetricPlacement:  # fmt: skip
    """A new metric with its place on the map and, if typed, its first value."""
    siblings = MetricPlacement.objects.living().filter(stage=stage, placement=placement)
    last = siblings.order_by("-rank", "-id").values_list("rank", flat=True).first()
    metric = Metric(**values)
    placed = MetricPlacement(metric=metric, stage=stage, placement=placement, rank=ranks.between(last, None))
    made: list[Any] = [metric, placed]
    if value is not None and metric.query == Query.TYPED:
        made.append(MetricPoint(metric=metric, date=on or _today(), value=value))
    changes.write(stage.map, "metric.added", by=by, edits=[changes.create(row) for row in made])
    return placed


def change_metric(placed: MetricPlacement, values: Mapping[str, Any], *, by: Author, seen: int | None = None) -> None:
    changes.write(placed.stage.map, "metric.changed", by=by, edits=[Edit(placed.metric, values, seen=seen)])


def remove_metric(placed: MetricPlacement, *, by: Author) -> None:
    """Takes the metric off the map; its definition and its values stay."""
    changes.write(placed.stage.map, "metric.removed", by=by, edits=[changes.delete(placed)])


def set_value(placed: MetricPlacement, value: float, *, on: date, by: Author) -> None:
    """The value of a day; a second one for the same day replaces it. Only typed metrics take values."""
    if placed.metric.query != Query.TYPED:
        raise Refusal("live_metric", _("This metric is counted from touches; it takes no values by hand."))
    known = MetricPoint.objects.filter(metric=placed.metric, date=on, cohort="").first()
    if known is None:
        edit = changes.create(cast(Drawn, MetricPoint(metric=placed.metric, date=on, value=value)))
    else:
        edit = Edit(cast(Drawn, known), {"value": value, "deleted_at": None})
    changes.write(placed.stage.map, "metric.valued", by=by, edits=[edit])


def remove_value(placed: MetricPlacement, point: MetricPoint, *, by: Author) -> None:
    changes.write(placed.stage.map, "metric.valued", by=by, edits=[changes.delete(cast(Drawn, point))])


def known_events(*, limit: int = 200) -> list[str]:
    """Names of events to choose from: those recorded lately, then those that stages wait for. Two queries."""
    recent = Touch.objects.order_by("-id").values_list("event", flat=True)[:5000]
    targets: Iterable[str] = StageTarget.objects.living().values_list("event", flat=True)[:limit]
    return sorted({*recent, *targets})[:limit]


def _today() -> date:
    return timezone.localtime(clock.now()).date()
