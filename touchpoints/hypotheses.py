"""Deeds on hypotheses: no metric, no hypothesis; four statuses, and no status changes without a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Metric, Stage
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.models import Change, Membership
from workspaces.tenancy import Drawn

from .models import Hypothesis, Opportunity, PainPoint, TouchpointPlacement

S = Hypothesis.Status
MOVES: Mapping[str, tuple[str, ...]] = {
    S.IN_PROGRESS: (S.VERIFIED, S.REJECTED),
    S.VERIFIED: (S.IMPLEMENTED, S.REJECTED),
    S.IMPLEMENTED: (S.REJECTED,),
    S.REJECTED: (),
}
_KEYS = ("stage", "placement", "pain", "opportunity", "owner", "metric")
EFFECT = ("effect", "effect_low", "effect_high", "monthly_effect", "sample_share", "is_guardrail_breached")
_GUARDED = {"status", "verdict", "reason", "decided_at", "implemented_at", "dissent", "dissent_by_id", "map_id", *EFFECT}


def add_hypothesis(
    map: JourneyMap,
    statement: str,
    *,
    by: Author,
    owner: Membership | None,
    metric: Metric | str | None,
    expected_lift: float | None,
    verification_method: str,
    stage: Stage | None = None,
    placement: TouchpointPlacement | None = None,
    pain: PainPoint | None = None,
    opportunity: Opportunity | None = None,
    **fields: Any,
) -> Hypothesis:
    """Puts a hypothesis on the map. `expected_lift` is a fraction; a metric given by name is defined on the way."""
    if expected_lift is None:
        raise _missing("expected_lift", _("Say how much you expect: without it no test can be planned."))
    _check_needs(statement, owner, metric, verification_method)
    stage = stage or _stage_of(placement, pain, opportunity)
    figure, fresh = _metric(metric)
    row = Hypothesis(
        map=map,
        statement=statement.strip(),
        owner=owner,
        metric=figure,
        expected_lift=expected_lift,
        verification_method=verification_method,
        stage=stage,
        placement=placement,
        pain=pain,
        opportunity=opportunity,
        **fields,
    )
    _check_place(map, {name: getattr(row, name) for name in ("stage", "placement", "pain", "opportunity")})
    changes.write(map, "hypothesis.added", by=by, edits=[*fresh, changes.create(row)])
    return row


def change_hypothesis(hypothesis: Hypothesis, values: Mapping[str, Any], *, by: Author, seen: int | None = None) -> Change | None:
    """Changes what the hypothesis says. Its status moves by `move_hypothesis`, its effect comes from a result."""
    if guarded := sorted(_GUARDED & set(values)):
        text = _("This is changed by a decision or by a result, not by hand.")
        raise Refusal("guarded", text, errors={name.removesuffix("_id"): [text] for name in guarded})
    if "statement" in values and not str(values["statement"]).strip():
        raise _missing("statement", _("Say what you are going to change."))
    _check_place(hypothesis.map, _links_in(values))
    return changes.write(hypothesis.map, "hypothesis.changed", by=by, edits=[Edit(hypothesis, values, seen=seen)])


def revise_hypothesis(hypothesis: Hypothesis, said: Mapping[str, Any], *, by: Author, seen: int | None = None) -> Change | None:
    """Changes everything that the form says; a metric given by name is defined on the way."""
    figure, fresh = _metric(said["metric"])
    _check_place(hypothesis.map, {name: said.get(name) for name in ("stage", "placement", "pain", "opportunity")})
    rows = {name: value for name, value in said.items() if isinstance(value, Drawn | Membership) or name in _KEYS}
    values = {name: value for name, value in said.items() if name not in rows} | {
        f"{name}_id": row.pk if row else None for name, row in rows.items() if name != "metric"
    }
    edit = Edit(hypothesis, values | {"metric_id": figure.pk}, seen=seen)
    return changes.write(hypothesis.map, "hypothesis.changed", by=by, edits=[*fresh, edit])


def delete_hypothesis(hypothesis: Hypothesis, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(hypothesis.map, "hypothesis.deleted", by=by, edits=[changes.delete(hypothesis, seen=seen)])


def move_hypothesis(
    hypothesis: Hypothesis, to: str, *, by: Author, reason: str, dissent: str = "", seen: int | None = None
) -> Change | None:
    """Moves to another of the four statuses, with a reason.

    "verified" wants a result; "implemented" a confirmed one whose guardrails held, or a dissent signed by a member.
    """
    if to not in MOVES[hypothesis.status]:
        raise Refusal("wrong_move", _wrong_move(hypothesis, to), status=409)
    if not reason.strip():
        raise _missing("reason", _("Give the reason: it stays with the decision."))
    values: dict[str, Any] = {"status": to, "reason": reason.strip(), "decided_at": now()}
    if to == S.VERIFIED and not hypothesis.verdict:
        raise Refusal(
            "needs_result", _("Only a result makes a hypothesis verified: enter the outcome of its test first."), status=409
        )
    if to == S.IMPLEMENTED:
        values |= _check_implementable(hypothesis, dissent.strip(), by) | {"implemented_at": now()}
    return changes.write(hypothesis.map, f"hypothesis.{to}", by=by, edits=[Edit(hypothesis, values, seen=seen)])


def write_back(
    hypothesis: Hypothesis,
    effect: Mapping[str, Any],
    *,
    by: Author,
    verdict: str,
    reason: str,
    edits: Sequence[Edit] = (),
    is_interim: bool = False,
) -> Change | None:
    """Writes a result onto the map in one change with the result's own rows (`edits`).

    An interim look leaves status and verdict; a final one makes the hypothesis verified.
    """
    _check_open(hypothesis)
    values = {name: effect[name] for name in EFFECT if name in effect}
    if not is_interim:
        values |= {"verdict": verdict, "status": S.VERIFIED, "reason": reason, "decided_at": now()}
    deed = "hypothesis.measured" if is_interim else "hypothesis.verified"
    return changes.write(hypothesis.map, deed, by=by, edits=[*edits, Edit(hypothesis, values)])


def take_back(hypothesis: Hypothesis, *, by: Author, edits: Sequence[Edit]) -> Change | None:
    """Takes the mark of its last result off the map, with the result's own rows: the hypothesis is in work again."""
    _check_open(hypothesis)
    values: dict[str, Any] = dict.fromkeys(EFFECT) | {"is_guardrail_breached": False, "verdict": "", "reason": ""}
    values |= {"status": S.IN_PROGRESS, "decided_at": None}
    return changes.write(hypothesis.map, "hypothesis.reopened", by=by, edits=[*edits, Edit(hypothesis, values)])


def living() -> Any:
    """Hypotheses on maps that nobody deleted or archived, with what a card shows."""
    rows = Hypothesis.objects.living().filter(map__deleted_at__isnull=True)
    return rows.select_related("owner__user", "stage", "placement__touchpoint", "map", "metric", "pain")


def board_of(*, map: JourneyMap | None, stage: Stage | None, sort: str) -> list[dict[str, Any]]:
    """The four columns, each with its cards in order; one query."""
    rows = living().filter(map__archived_at__isnull=True) if map is None else living().filter(map=map)
    if stage is not None:
        rows = rows.filter(Q(stage=stage) | Q(placement__stage=stage))
    cards = sorted(rows, key=SORTS.get(sort, SORTS["money"]))
    return [{"status": status, "label": status.label, "items": [row for row in cards if row.status == status]} for status in S]


def stages_of(map: JourneyMap) -> list[Stage]:
    """Its columns in order; one query."""
    return sorted(Stage.objects.living().filter(map=map), key=lambda stage: (stage.rank, str(stage.pk)))


def gains_of(columns: Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """What the implemented ones bring a month, by currency."""
    sums: dict[str, Any] = {}
    for row in next((column["items"] for column in columns if column["status"] == S.IMPLEMENTED), []):
        if row.monthly_effect:
            sums[row.map.currency] = sums.get(row.map.currency, 0) + row.monthly_effect
    return sorted(sums.items())


def _money(row: Hypothesis) -> tuple[Any, ...]:
    at_risk = row.pain.monthly_loss if row.pain and row.pain.monthly_loss else 0
    return (-(row.monthly_effect or at_risk), row.created_at, str(row.pk))


SORTS: Mapping[str, Any] = {
    "money": _money,
    "lift": lambda row: (-(row.effect if row.effect is not None else row.expected_lift), row.created_at, str(row.pk)),
    "new": lambda row: (-row.created_at.timestamp(), str(row.pk)),
    "due": lambda row: (row.due_at is None, row.due_at or row.created_at, str(row.pk)),
}


def _check_open(hypothesis: Hypothesis) -> None:
    if hypothesis.status not in (S.IN_PROGRESS, S.VERIFIED):
        raise Refusal("decided", _("This hypothesis is decided; its result stands."), status=409)


def _check_needs(statement: str, owner: Any, metric: Any, method: str) -> None:
    if not statement.strip():
        raise _missing("statement", _("Say what you are going to change."))
    if metric is None or metric == "":
        raise _missing("metric", _("No metric, no hypothesis: choose the figure that will tell."))
    if method not in Hypothesis.Method.values:
        raise _missing("verification_method", _("Choose how it will be verified."))
    if owner is None:
        raise _missing("owner", _("A hypothesis needs an owner who answers for it."))


def _missing(field: str, text: str) -> Refusal:
    return Refusal("invalid", text, errors={field: [text]})


def _metric(metric: Metric | str | None) -> tuple[Metric, list[Edit]]:
    if isinstance(metric, Metric):
        return metric, []
    name = str(metric).strip()[:160]
    for known in Metric.objects.living().order_by("created_at", "id"):
        if known.name.casefold() == name.casefold():
            return known, []
    fresh = Metric(name=name, unit="%")
    return fresh, [changes.create(fresh)]


def _stage_of(*links: TouchpointPlacement | PainPoint | Opportunity | None) -> Stage | None:
    return next((link.stage for link in links if link is not None), None)


def _links_in(values: Mapping[str, Any]) -> dict[str, Any]:
    models = {"stage": Stage, "placement": TouchpointPlacement, "pain": PainPoint, "opportunity": Opportunity}
    wanted = {name: values[f"{name}_id"] for name in models if values.get(f"{name}_id")}
    return {name: models[name].objects.living().filter(pk=key).first() for name, key in wanted.items()}


def _check_place(map: JourneyMap, links: Mapping[str, Any]) -> None:
    for name, row in links.items():
        if row is not None and (row.map_id if isinstance(row, Stage) else row.stage.map_id) != map.pk:
            text = _("This stands on another map.")
            raise Refusal("other_map", text, errors={name: [text]})


def _check_implementable(hypothesis: Hypothesis, dissent: str, by: Author) -> dict[str, Any]:
    if hypothesis.verdict != Hypothesis.Verdict.CONFIRMED:
        raise Refusal("not_confirmed", _("Only a confirmed hypothesis is implemented."), status=409)
    if not hypothesis.is_guardrail_breached:
        return {}
    if not dissent or not isinstance(by, Membership):
        text = _(
            "The test does not rule out harm to a guardrail. To implement it all the same, sign a dissent: why it is worth it."
        )
        raise Refusal("guardrail", text, status=409, errors={"dissent": [text]})
    return {"dissent": dissent, "dissent_by_id": by.pk}


def _wrong_move(hypothesis: Hypothesis, to: str) -> str:
    words = {"old": hypothesis.get_status_display(), "new": dict(S.choices).get(S(to), to) if to in S.values else to}
    return _("A hypothesis does not go from “%(old)s” to “%(new)s”.") % words
