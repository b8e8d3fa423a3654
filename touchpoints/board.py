"""A whole map as the page draws it, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from journeys.models import JourneyMap, Lane, MapPersona, Persona, Stage
from journeys.review import Freshness, freshness_of
from workspaces.models import Membership
from workspaces.tenancy import Drawn

from . import drawing
from .models import Card, EmotionPoint, Hypothesis, Opportunity, PainPoint, TouchpointPlacement

K = Lane.Kind
FORMS = {
    K.TOUCHPOINTS: "placements",
    K.EMOTION_CURVE: "curve",
    K.PAIN_POINTS: "pains",
    K.OPPORTUNITIES: "opportunities",
    K.HYPOTHESES: "hypotheses",
    K.METRICS: "metrics",
}
LOOKS = {K.THOUGHTS: "thought", K.EXPECTATIONS: "expect", K.BARRIERS: "barrier", K.SYSTEMS: "system", K.INSIGHTS: "insight"}
BEHIND = {Lane.Zone.BACKSTAGE, Lane.Zone.SUPPORT}
BEHIND_KINDS = {K.BACKSTAGE, K.SUPPORT_PROCESSES, K.SYSTEMS}
KIND_SHORT = {
    JourneyMap.Kind.CURRENT_STATE: _("Current map"),
    JourneyMap.Kind.FUTURE_STATE: _("Future map"),
    JourneyMap.Kind.DAY_IN_THE_LIFE: _("Day in the life"),
    JourneyMap.Kind.SERVICE_BLUEPRINT: _("Blueprint"),
}

D = TypeVar("D", bound=Drawn)


@dataclass(frozen=True)
class Head:
    """A stage's column head."""

    stage: Stage
    number: int

    @property
    def part(self) -> str:
        return f"stage-{self.stage.pk}"

    @property
    def key(self) -> str:
        return str(self.stage.pk)


@dataclass
class Cell:
    """Where a lane crosses a stage; `items` are rows of the lane's form."""

    lane: Lane
    stage: Stage
    form: str
    look: str
    items: list[Any] = field(default_factory=list)

    @property
    def part(self) -> str:
        return f"cell-{self.lane.pk}-{self.stage.pk}"

    @property
    def can_add(self) -> bool:
        return self.form in ("cards", "placements", "pains", "opportunities")


@dataclass
class Row:
    """A lane with its cells."""

    lane: Lane
    form: str
    is_behind: bool
    place: int
    opens_backstage: bool = False
    cells: list[Cell] = field(default_factory=list)
    count: int = 0
    ownerless: int = 0

    @property
    def part(self) -> str:
        return f"lane-{self.lane.pk}"


class Board:
    """A map with all that stands on it."""

    def __init__(self, map: JourneyMap) -> None:
        self.map = map
        self.stages = _ranked(Stage.objects.living().filter(map=map))
        self.all_lanes = _ranked(Lane.objects.living().filter(map=map))
        stage_of = {stage.pk: stage for stage in self.stages}
        self.personas = list(
            MapPersona.objects.living().filter(map=map).select_related("persona").order_by("order", "created_at", "id")
        )
        self.cards = _ranked(Card.objects.living().filter(lane__map=map, stage__in=stage_of))
        self.placements = _ranked(_placements(stage_of))
        self.pains = _ranked(_pains(stage_of))
        self.opportunities = _ranked(_opportunities(stage_of))
        self.hypotheses = list(
            Hypothesis.objects.living().filter(map=map).select_related("owner__user").order_by("created_at", "id")
        )
        self.emotions = _ranked(EmotionPoint.objects.living().filter(map=map, stage__in=stage_of))
        self._number_stages()
        self._describe()
        self.rows = self._rows()
        self.drawing = drawing.draw(self.stages, self.emotions, self.personas)

    @classmethod
    def load(cls, map: JourneyMap) -> "Board":
        return cls(map)

    @property
    def heads(self) -> list[Head]:
        return [Head(stage, number) for number, stage in enumerate(self.stages, 1)]

    @property
    def persona(self) -> Persona | None:
        return self.personas[0].persona if self.personas else None

    @property
    def hidden_lanes(self) -> list[Lane]:
        return [lane for lane in self.all_lanes if lane.is_hidden]

    @property
    def freshness(self) -> Freshness:
        return freshness_of(self.map)

    def cell(self, part: str) -> Cell | None:
        return next((cell for row in self.rows for cell in row.cells if cell.part == part), None)

    def parts_of(self, edits: Iterable[dict[str, Any]]) -> "set[str] | None":
        """Which parts of the page these edits of the log touched; None where the whole map has to be drawn again."""
        parts: set[str] = set()
        for edit in edits:
            touched = self._parts_of_edit(edit)
            if touched is None:
                return None
            parts |= touched
        return parts

    def _parts_of_edit(self, edit: dict[str, Any]) -> "set[str] | None":
        kind, stages = edit["kind"], {value for value in (self._stage_of(edit), *_stages_in(edit)) if value}
        both = edit["before"] | edit["after"]
        if kind == "touchpoints.card":
            lanes = {str(self._lane_of(edit)), *(str(side["lane_id"]) for side in _sides(edit) if "lane_id" in side)}
            return {f"cell-{lane}-{stage}" for lane in lanes for stage in stages}
        if kind == "touchpoints.emotionpoint":
            return {"curve"} | self._cells("placements", stages)
        if kind == "touchpoints.touchpoint":
            return {cell for place in self.placements if str(place.touchpoint_id) == edit["id"] for cell in self._place(place)}
        if kind == "journeys.stage" and not {"rank", "deleted_at"} & set(both):
            return {f"stage-{edit['id']}"}
        if kind == "journeys.journeymap":
            return {"maptop"}
        if kind in ("touchpoints.evidence", "touchpoints.painevidence"):
            return self._cells("pains", {str(stage.pk) for stage in self.stages}) if kind.endswith("painevidence") else set()
        if kind in _OVER_THE_MAP:
            return set()
        if kind == "journeys.stagetarget":
            return {f"stage-{stage}" for stage in stages}
        if kind == "touchpoints.hypothesis":
            everywhere = {str(stage.pk) for stage in self.stages}
            return set().union(*(self._cells(form, everywhere) for form in _WITH_HYPOTHESES))
        form = _FORM_OF.get(kind)
        return self._cells(form, stages) | {self._lane_part(form)} if form else None

    def _place(self, placement: TouchpointPlacement) -> set[str]:
        return self._cells("placements", {str(placement.stage_id)})

    def _cells(self, form: str, stages: set[str]) -> set[str]:
        return {f"cell-{row.lane.pk}-{stage}" for row in self.rows if row.form == form for stage in stages}

    def _lane_part(self, form: str) -> str:
        return next((row.part for row in self.rows if row.form == form), "")

    def _row_of(self, edit: dict[str, Any]) -> Drawn | None:
        rows: Sequence[Drawn] = {
            "touchpoints.card": self.cards,
            "touchpoints.touchpointplacement": self.placements,
            "touchpoints.painpoint": self.pains,
            "touchpoints.opportunity": self.opportunities,
            "touchpoints.emotionpoint": self.emotions,
        }.get(edit["kind"], ())
        return next((row for row in rows if str(row.pk) == edit["id"]), None)

    def _stage_of(self, edit: dict[str, Any]) -> str:
        row = self._row_of(edit)
        return str(row.stage_id) if row is not None else str(self._gone(edit, "stage_id"))  # type: ignore[attr-defined]

    def _lane_of(self, edit: dict[str, Any]) -> str:
        row = self._row_of(edit)
        return str(row.lane_id) if row is not None else str(self._gone(edit, "lane_id"))  # type: ignore[attr-defined]

    def _gone(self, edit: dict[str, Any], name: str) -> Any:
        """A key of a deleted row, which the drawing no longer holds."""
        model = _MODELS.get(edit["kind"])
        if model is None:
            return ""
        return model._default_manager.filter(pk=edit["id"]).values_list(name, flat=True).first() or ""

    def _number_stages(self) -> None:
        number = {stage.pk: index for index, stage in enumerate(self.stages)}
        for rows in (self.placements, self.emotions, self.pains, self.opportunities):
            rows.sort(key=lambda row: (number[row.stage_id], row.rank, str(row.pk)))
        self._index = number

    def _describe(self) -> None:
        """Facts of the neighbours that a card shows: emotion of a placement, hypotheses of a placement or an opportunity."""
        mood = {point.placement_id: point for point in self.emotions if point.placement_id and point.series == "as_is"}
        worst = sorted((pain.monthly_loss for pain in self.pains if pain.monthly_loss), reverse=True)[:2]
        about: dict[UUID | None, list[Hypothesis]] = defaultdict(list)
        for hypothesis in self.hypotheses:
            for key in (hypothesis.placement_id, hypothesis.opportunity_id, hypothesis.pain_id):
                about[key].append(hypothesis)
        for placement in self.placements:
            placement.emotion = mood.get(placement.pk)  # type: ignore[attr-defined]
            placement.guesses = about.get(placement.pk, [])  # type: ignore[attr-defined]
        for opportunity in self.opportunities:
            opportunity.guesses = about.get(opportunity.pk, [])  # type: ignore[attr-defined]
            opportunity.proof = _proof(opportunity.guesses)  # type: ignore[attr-defined]
        for pain in self.pains:
            pain.proof = _proof(about.get(pain.pk, []))  # type: ignore[attr-defined]
            pain.is_top = pain.monthly_loss in worst if pain.monthly_loss else False  # type: ignore[attr-defined]

    def _rows(self) -> list[Row]:
        rows = []
        has_zone = False
        for place, lane in enumerate(self.all_lanes):
            if lane.is_hidden:
                continue
            row = Row(lane, FORMS.get(K(lane.kind), "cards"), _is_behind(lane), place)
            row.opens_backstage = row.is_behind and not has_zone
            has_zone = has_zone or row.is_behind
            row.cells = [Cell(lane, stage, row.form, LOOKS.get(K(lane.kind), "text")) for stage in self.stages]
            rows.append(row)
        self._fill(rows)
        return rows

    def _fill(self, rows: list[Row]) -> None:
        contents: dict[str, Sequence[Any]] = {
            "placements": self.placements,
            "pains": self.pains,
            "opportunities": self.opportunities,
            "hypotheses": [hypothesis for hypothesis in self.hypotheses if hypothesis.stage_id],
        }
        by_cell = _grouped(self.cards, lambda card: (card.lane_id, card.stage_id))
        for row in rows:
            by_stage = _grouped(contents.get(row.form, ()), lambda item: item.stage_id)
            for cell in row.cells:
                is_words = row.form not in contents
                cell.items = by_cell[row.lane.pk, cell.stage.pk] if is_words else by_stage[cell.stage.pk]
                row.count += len(cell.items)
            if row.form == "placements":
                row.ownerless = sum(1 for placement in self.placements if placement.owner_id is None)


def linked_maps(map: JourneyMap) -> list[JourneyMap]:
    """This map and the ones derived from it or that it derives from, current state first; one query."""
    root = map.derived_from_id or map.pk
    family = JourneyMap.objects.living().filter(Q(pk=root) | Q(derived_from=root), archived_at__isnull=True)
    order = list(JourneyMap.Kind)
    return sorted(family, key=lambda one: (order.index(JourneyMap.Kind(one.kind)), one.created_at))


def members_of(map: JourneyMap) -> list[Membership]:
    """Who may own a thing on the map; one query."""
    rows = Membership.objects.filter(workspace_id=map.workspace_id, removed_at__isnull=True).select_related("user")
    return sorted(rows, key=str)


def _placements(stages: Iterable[UUID]) -> Any:
    rows = TouchpointPlacement.objects.living().filter(stage__in=stages)
    return rows.select_related("touchpoint__channel", "owner__user")


def _pains(stages: Iterable[UUID]) -> Any:
    heard = Count(
        "evidence_links",
        filter=Q(evidence_links__deleted_at__isnull=True, evidence_links__evidence__deleted_at__isnull=True),
    )
    return PainPoint.objects.living().filter(stage__in=stages).annotate(quotes=heard)


def _opportunities(stages: Iterable[UUID]) -> Any:
    return Opportunity.objects.living().filter(stage__in=stages).select_related("owner__user")


def _ranked(rows: Iterable[D]) -> list[D]:
    """By rank as code points, whatever the database's collation."""
    return sorted(rows, key=lambda row: (row.rank, str(row.pk)))  # type: ignore[attr-defined]


def _proof(hypotheses: Sequence[Hypothesis]) -> Hypothesis | None:
    """The latest hypothesis whose effect was measured and stands."""
    standing = (Hypothesis.Status.VERIFIED, Hypothesis.Status.IMPLEMENTED)
    proven = [one for one in hypotheses if one.status in standing and one.effect is not None]
    return proven[-1] if proven else None


def _grouped(rows: Iterable[Any], key: Any) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _is_behind(lane: Lane) -> bool:
    return lane.blueprint_zone in BEHIND if lane.blueprint_zone else lane.kind in BEHIND_KINDS


def _sides(edit: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return edit["before"], edit["after"]


def _stages_in(edit: dict[str, Any]) -> list[str]:
    return [str(side["stage_id"]) for side in _sides(edit) if side.get("stage_id")]


_OVER_THE_MAP = {"analytics.metricplacement", "analytics.metricpoint", "journeys.metric", "journeys.review"}  # figures only
_WITH_HYPOTHESES = ("placements", "pains", "opportunities", "hypotheses")
_FORM_OF = {
    "touchpoints.touchpointplacement": "placements",
    "touchpoints.painpoint": "pains",
    "touchpoints.opportunity": "opportunities",
}
_MODELS: dict[str, type[Drawn]] = {
    "touchpoints.card": Card,
    "touchpoints.touchpointplacement": TouchpointPlacement,
    "touchpoints.painpoint": PainPoint,
    "touchpoints.opportunity": Opportunity,
    "touchpoints.emotionpoint": EmotionPoint,
}
