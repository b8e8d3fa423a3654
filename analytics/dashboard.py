"""What the funnel page asks, and what the answers say, row by row. One implementation of figures: the reports'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from analytics import charts, holes, questions
from analytics.models import Report
from analytics.periods import CHOICES, DEFAULT, Period, choose
from cjm.lib.refusals import Refusal
from customers.models import Segment
from journeys.models import JourneyMap, Stage
from touchpoints.models import PainPoint
from workspaces.models import Workspace

MODES = {
    "reached": _("the stage reached"),
    "ordered": _("in order"),
    "strict": _("in order, nothing between"),
    "unordered": _("in any order"),
}
WINDOWS = (14, 30, 90, 180, 365)
_WINDOW = 90
_WAIT = 0.25  # seconds a page waits before it shows the skeleton
_DAY = 86_400
BINS = 400
PURCHASE = "purchase"


@dataclass(frozen=True)
class Asked:
    """The filters of the page, read and made whole."""

    map: JourneyMap
    stages: Sequence[Stage]
    period: Period
    mode: str = "reached"
    window_days: int = _WINDOW
    segment: Segment | None = None
    step: int = 0
    show: str = "shares"
    compare: bool = True

    @property
    def purchase(self) -> int:
        """The index of the stage that counts as the deal: the canonical purchase, else the last."""
        found = [index for index, stage in enumerate(self.stages) if stage.canonical == PURCHASE]
        return found[0] if found else len(self.stages) - 1

    def question(self, **more: Any) -> dict[str, Any]:
        return {
            "map": str(self.map.pk),
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
            "segment": str(self.segment.pk) if self.segment else None,
        } | more

    def funnel(self, **more: Any) -> dict[str, Any]:
        return self.question(mode=self.mode, window_seconds=self.window_days * _DAY) | more

    def query(self, **changed: Any) -> str:
        """The page's own parameters, as an address carries them."""
        values: dict[str, Any] = {"map": self.map.pk, "period": self.period.days}
        if self.period.is_custom:
            values |= {"period": "custom", "from": self.period.first, "to": self.period.last}
        values |= {"mode": self.mode, "window": self.window_days, "step": self.step, "show": self.show}
        values["compare"] = "before" if self.compare else "none"
        if self.segment:
            values["segment"] = self.segment.pk
        return urlencode(values | changed)


def read(query: Mapping[str, str], *, workspace: Workspace, row: JourneyMap, now: datetime) -> Asked:
    """The filters as the address says them; what cannot be read falls back to the usual."""
    stages = list(Stage.objects.living().filter(map=row).order_by("rank", "id"))
    wanted = query.get("period", "")
    is_custom = wanted == "custom"
    period = choose(
        row,
        days=_among(wanted, CHOICES, DEFAULT),
        first=query.get("from", "") if is_custom else "",
        last=query.get("to", "") if is_custom else "",
        timezone=workspace.timezone,
        now=now,
    )
    mode = query.get("mode", "")
    asked = Asked(
        map=row,
        stages=stages,
        period=period,
        mode=mode if mode in MODES else "reached",
        window_days=_among(query.get("window", ""), WINDOWS, _WINDOW),
        segment=_segment(query.get("segment", "")),
        show="people" if query.get("show") == "people" else "shares",
        compare=query.get("compare") != "none",
    )
    steps = range(1, len(stages))
    return replace(asked, step=_among(query.get("step", ""), tuple(steps), min(asked.purchase or 1, len(stages) - 1)))


def _among(text: str, choices: Sequence[int], usual: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) in choices else usual


def _segment(text: str) -> Segment | None:
    try:
        found: Segment | None = Segment.objects.living().filter(pk=UUID(text)).first()
    except ValueError:
        return None
    return found


@dataclass(frozen=True)
class Told:
    """A report as a page shows it: its figures, or the last ones while it is being counted, or why not.

    `source` is the report that the shown figures come from.
    """

    report: Report | None
    answer: Mapping[str, Any] | None
    is_pending: bool = False
    is_old: bool = False
    error: Any = ""
    answered_at: datetime | None = None
    source: Report | None = None

    @property
    def percent(self) -> int:
        return round(100 * self.report.progress) if self.report else 0


def tell(kind: str, question: dict[str, Any]) -> Told:
    """Asks, and waits no longer than a reader does not notice."""
    try:
        return told_of(questions.ask(kind, question, wait=_WAIT, is_joining=True))
    except Refusal as refusal:
        return Told(None, None, error=refusal.text)


def told_of(report: Report) -> Told:
    """What a stored report says now; while it waits, the previous answer to the same question."""
    if report.state == Report.State.DONE:
        return Told(report, report.answer, answered_at=report.answered_at, source=report)
    if report.state in (Report.State.FAILED, Report.State.CANCELLED):
        return Told(report, None, error=questions.refusal_of(report).text)
    same = Report.objects.filter(kind=report.kind, digest=report.digest, state=Report.State.DONE)
    old = same.order_by("-answered_at", "-id").first()
    if old is None:
        return Told(report, None, is_pending=True)
    return Told(report, old.answer, is_pending=True, is_old=True, answered_at=old.answered_at, source=old)


@dataclass(frozen=True)
class Row:
    """One stage of the funnel table. Shares are fractions; bars and ticks are percentages of the track."""

    index: int
    stage: Stage
    count: int
    share: float | None
    overall: float
    benchmark: float | None
    median: float | None
    dropped: int
    in_progress: int
    money: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    query: str = ""
    bar: float = 0.0
    gap: float = 0.0
    label_at: float = 0.0

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def delta(self) -> float | None:
        return None if self.share is None or self.benchmark is None else self.share - self.benchmark

    @property
    def tick(self) -> float | None:
        return None if self.benchmark is None else round(100 * self.benchmark, 2)

    @property
    def is_low(self) -> bool:
        return self.delta is not None and self.delta < 0

    @property
    def label_right(self) -> float:
        """Where a label ends that has no room to the right of its bar."""
        return 100 - self.bar + 0.5


def rows(asked: Asked, answer: Mapping[str, Any]) -> list[Row]:
    """The funnel table. The answer's steps are the map's stages in order; stages drawn since have no figures yet."""
    steps = {step.get("stage"): step for step in answer["steps"]}
    known = [(stage, steps[str(stage.pk)]) for stage in asked.stages if str(stage.pk) in steps]
    first = known[0][1]["count"] if known else 0
    found = []
    for index, (stage, step) in enumerate(known):
        entered = known[index - 1][1]["count"] if index else 0
        money, low, high = _shortfall(asked, [item for _stage, item in known], index, stage, entered)
        share = step["step"] if index and entered else None
        found.append(
            Row(
                index, stage, step["count"], share, step["overall"], stage.conversion_benchmark if index else None,
                step["median_seconds"], step["dropped"] if index else 0, step["in_progress"] if index else 0, money, low, high,
                asked.query(step=asked.stages.index(stage) or 1),
                **_bar(asked.show, step["count"], first, share, stage.conversion_benchmark),
            )
        )  # fmt: skip
    return found


def _bar(show: str, count: int, first: int, share: float | None, benchmark: float | None) -> dict[str, float]:
    if show == "people":
        width = 100 * count / first if first else 0.0
        return {"bar": round(width, 2), "label_at": round(width, 2)}
    width = 100 * (share or 0.0)
    gap = max(0.0, 100 * (benchmark or 0.0) - width) if share is not None else 0.0
    return {"bar": round(min(width, 100), 2), "gap": round(gap, 2), "label_at": round(min(width + gap, 100), 2)}


def _shortfall(
    asked: Asked, steps: Sequence[Mapping[str, Any]], index: int, stage: Stage, entered: int
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Money a month that a step below its benchmark loses before the deal, with its 95 % bounds; None where nothing says so."""
    cheque, benchmark, deal = asked.map.average_cheque, stage.conversion_benchmark, asked.purchase
    if cheque is None or benchmark is None or not 0 < index <= deal or not entered or len(steps) <= deal:
        return None, None, None
    count = steps[index]["count"]
    if count >= benchmark * entered:
        return None, None, None
    later = Decimal(steps[deal]["count"]) / count if count else Decimal(0)
    monthly = Decimal(30) / asked.period.days
    low, high = holes.interval_of_share(count, entered)
    prices = [
        holes.price(entered, reference=Decimal(repr(benchmark)), observed=Decimal(repr(share)), value=later * cheque * monthly)
        for share in (count / entered, high, low)
    ]
    return prices[0], prices[1], prices[2]


@dataclass(frozen=True)
class Totals:
    """The row of main figures; what is not measured is None and not shown."""

    entered: int
    deals: int
    deal: Stage
    through: float | None
    median: float | None
    p90: float | None
    weakest: Row | None
    loss: Decimal | None
    in_progress: int


def totals(asked: Asked, table: Sequence[Row], answer: Mapping[str, Any]) -> Totals | None:
    deal = next((row for row in table if row.stage.pk == asked.stages[asked.purchase].pk), None)
    if not table or deal is None:
        return None
    below = [row for row in table if row.is_low]
    priced = [row.money for row in table if row.money is not None]
    spread = (answer.get("histogram") or {}).get("bins") or []
    return Totals(
        entered=table[0].count,
        deals=deal.count,
        deal=deal.stage,
        through=deal.overall if table[0].count else None,
        median=charts.quantile(spread, 0.5),
        p90=charts.quantile(spread, 0.9),
        weakest=min(below, key=lambda row: row.delta or 0.0) if below else None,
        loss=sum(priced, Decimal(0)) if priced else None,
        in_progress=sum(row.in_progress for row in table),
    )


@dataclass(frozen=True)
class Loss:
    """A line of the list of losses: a pain with its price, or a step below its benchmark."""

    title: str
    money: Decimal
    currency: str
    stage: Stage
    width: float
    row: Row | None = None
    dropped: int | None = None


def losses(asked: Asked, table: Sequence[Row], *, limit: int = 5) -> list[Loss]:
    """What costs most a month: open pains that have a price, else steps below their benchmark. One query."""
    pains = (
        PainPoint.objects.living()
        .filter(stage__in=asked.stages, status=PainPoint.Status.OPEN, monthly_loss__gt=0)
        .select_related("stage")
        .order_by("-monthly_loss", "id")[:limit]
    )
    found: list[tuple[str, Decimal, str, Stage, Row | None]] = [
        (pain.title, pain.monthly_loss, pain.currency, pain.stage, None) for pain in pains
    ]
    if not found:
        priced = sorted((row for row in table if row.money), key=lambda row: -(row.money or 0))
        found = [(row.stage.name, row.money or Decimal(0), asked.map.currency, row.stage, row) for row in priced[:limit]]
    most = max((item[1] for item in found), default=Decimal(1))
    lost = {before.stage.pk: after.dropped for before, after in zip(table, table[1:], strict=False)}
    return [
        Loss(title, money, unit, stage, round(float(100 * money / most), 1), row, lost.get(stage.pk))
        for title, money, unit, stage, row in found
    ]
