"""Stateless calculators over REST; every answer names its method."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from msgspec import Meta, Struct
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.refusals import Refusal

from . import calculators, holes
from .calculators import Arm, Interval, Sums

_MOST = 10**12
Share = Annotated[float, Meta(ge=0, le=1)]
Inner = Annotated[float, Meta(gt=0, lt=1)]
People = Annotated[int, Meta(ge=0, le=_MOST)]
Number = Annotated[float, Meta(ge=-1e18, le=1e18)]
T = TypeVar("T")


class _Question(Struct, forbid_unknown_fields=True, kw_only=True):
    """The base of what is asked: no field that is not known."""


class TwoProportions(_Question):
    control: tuple[People, People]
    treatment: tuple[People, People]
    alpha: Inner = 0.05


class Ratio(_Question):
    observed: Annotated[list[People], Meta(min_length=2, max_length=1000)]
    weights: Annotated[list[Annotated[float, Meta(gt=0, le=1e12)]], Meta(min_length=2, max_length=1000)]


class SampleSize(_Question):
    p1: Inner
    p2: Inner
    alpha: Inner = 0.05
    power: Inner = 0.8


class Power(_Question):
    p1: Share
    p2: Share
    n_per_group: Annotated[int, Meta(ge=1, le=_MOST)]
    alpha: Inner = 0.05


class SmallestEffect(_Question):
    p1: Annotated[float, Meta(ge=0, lt=1)]
    n_per_group: Annotated[int, Meta(ge=1, le=_MOST)]
    alpha: Inner = 0.05
    power: Inner = 0.8


class Comparisons(_Question):
    p_values: Annotated[list[Share], Meta(max_length=10_000)]
    method: Literal["holm", "bonferroni", "hochberg", "benjamini_hochberg"] = "holm"


class ArmSums(_Question):
    n: Annotated[int, Meta(ge=2, le=_MOST)]
    post_sum: Number
    post_sum_squares: Number
    pre_sum: Number
    pre_sum_squares: Number
    post_pre_sum_of_products: Number


class Cuped(_Question):
    control: ArmSums
    treatment: ArmSums
    alpha: Inner = 0.05


class Counts(_Question):
    promoters: People
    passives: People
    detractors: People


class Nps(_Question):
    scores: Annotated[list[Annotated[int, Meta(ge=0, le=10)]], Meta(max_length=100_000)] | None = None
    counts: Counts | None = None


class Communication(_Question):
    kind: Literal["communication"]
    sessions: People
    conversion_was: Share
    conversion_is: Share
    average_cheque: Decimal


class Onboarding(_Question):
    kind: Literal["onboarding"]
    newcomers: People
    activation_target: Share
    activation_is: Share
    upsell_rate: Share
    upsell_value: Decimal


def two_proportions(asked: TwoProportions) -> dict[str, Any]:
    control, treatment = _arm("control", asked.control), _arm("treatment", asked.treatment)
    seen = calculators.compare_proportions(control, treatment, alpha=asked.alpha)
    if seen.p_value is None:
        verdict = "not_enough_data"
    elif seen.p_value >= asked.alpha:
        verdict = "inconclusive"
    else:
        verdict = "confirmed" if (seen.difference or 0) > 0 else "refuted"
    return {
        "rates": [control.rate, treatment.rate],
        "difference": seen.difference,
        "z": seen.z,
        "p_value": seen.p_value,
        "ci_difference": {"newcombe": _pair(seen.newcombe), "wald": _pair(seen.wald)},
        "relative_lift": seen.relative_lift,
        "ci_relative_lift": _pair(seen.relative_interval),
        "verdict": verdict,
        "method": "pooled two-proportion z test, two-sided; Newcombe (method 10) and Wald intervals; lift by log ratio",
    }


def srm(asked: Ratio) -> dict[str, Any]:
    if len(asked.observed) != len(asked.weights):
        raise _refuse("weights", _("Give one weight for each group."))
    if not sum(asked.observed):
        raise _refuse("observed", _("Nobody was observed yet."))
    statistic, freedom, p_value = calculators.check_ratio(asked.observed, asked.weights)
    return {
        "chi2": statistic,
        "df": freedom,
        "p_value": p_value,
        "mismatch": p_value < 0.001,
        "method": "Pearson's chi-squared test of the sample ratio, mismatch at p < 0.001",
    }


def sample_size(asked: SampleSize) -> dict[str, Any]:
    if asked.p1 == asked.p2:
        raise _refuse("p2", _("Without a difference no sample is large enough."))
    n = calculators.sample_size(asked.p1, asked.p2, alpha=asked.alpha, power=asked.power)
    return {"n_per_group": n, "method": "normal approximation, pooled under the null, two-sided, no continuity correction"}


def power(asked: Power) -> dict[str, Any]:
    value = calculators.power_of(asked.p1, asked.p2, asked.n_per_group, alpha=asked.alpha)
    return {"power": value, "method": "normal approximation, pooled under the null, two-sided"}


def mde(asked: SmallestEffect) -> dict[str, Any]:
    effect = calculators.smallest_effect(asked.p1, asked.n_per_group, alpha=asked.alpha, power=asked.power)
    p2 = None if effect is None else asked.p1 + effect
    return {"mde": effect, "p2": p2, "method": "normal approximation, pooled under the null, two-sided, increase"}


def multiple_comparisons(asked: Comparisons) -> dict[str, Any]:
    return {"adjusted": calculators.adjust(asked.p_values, asked.method), "method": asked.method}


def cuped(asked: Cuped) -> dict[str, Any]:
    arms = [Sums(**msgspec.structs.asdict(arm)) for arm in (asked.control, asked.treatment)]
    seen = calculators.cuped(*arms, alpha=asked.alpha)
    return {
        "difference": seen.difference,
        "ci": list(seen.interval),
        "p_value": seen.p_value,
        "theta": seen.theta,
        "method": "CUPED, theta over both arms together, Welch's t test",
    }


def nps(asked: Nps) -> dict[str, Any]:
    counts = _promoters(asked)
    n = sum(counts)
    names = ("promoters", "passives", "detractors")
    score, error = calculators.net_promoters(*counts) if n else (None, None)
    return {
        "nps": score,
        "standard_error": error,
        "n": n,
        "shares": {name: count / n if n else None for name, count in zip(names, counts, strict=True)},
        "method": "share of 9-10 minus share of 0-6; standard error of a difference of multinomial shares",
    }


def hole_cost(asked: Any) -> dict[str, Any]:
    return {"loss": str(loss_of(asked)), "method": "n x (reference - observed) x value"}


def loss_of(inputs: Any) -> Decimal:
    """The loss of a hole from the calculator's inputs; raises Refusal("invalid") with the field at fault."""
    kind = inputs.get("kind") if isinstance(inputs, dict) else None
    shape: Any = {"communication": Communication, "onboarding": Onboarding}.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise _refuse("kind", _("Say which hole: “communication” or “onboarding”."))
    asked = read(inputs, shape)
    value, field = (asked.average_cheque, "average_cheque") if shape is Communication else (asked.upsell_value, "upsell_value")
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise _refuse(field, _("Give an amount of money from 0 to 1,000,000,000,000."))
    if shape is Communication:
        return holes.communication_loss(
            asked.sessions,
            conversion_was=_exact(asked.conversion_was),
            conversion_is=_exact(asked.conversion_is),
            average_cheque=value,
        )
    return holes.onboarding_loss(
        asked.newcomers,
        activation_target=_exact(asked.activation_target),
        activation_is=_exact(asked.activation_is),
        upsell_rate=_exact(asked.upsell_rate),
        upsell_value=value,
    )


def read(body: Any, shape: type[T]) -> T:
    """The body as that shape; raises Refusal("invalid") that names the field at fault."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        words, _at, path = str(error).partition(" - at `$")
        field = path.strip("`").lstrip(".") or _unknown_field(words) or "non_field_errors"
        raise _refuse(field, _("The inputs cannot be read: %(error)s.") % {"error": words}) from error


_QUESTIONS: dict[str, tuple[Any, Callable[[Any], dict[str, Any]]]] = {
    "two-proportions": (TwoProportions, two_proportions),
    "srm": (Ratio, srm),
    "sample-size": (SampleSize, sample_size),
    "power": (Power, power),
    "mde": (SmallestEffect, mde),
    "multiple-comparisons": (Comparisons, multiple_comparisons),
    "cuped": (Cuped, cuped),
    "nps": (Nps, nps),
    "hole-cost": (None, hole_cost),
}


def _view(name: str) -> Any:
    shape, answer = _QUESTIONS[name]

    @extend_schema(
        operation_id=f"calculate_{name.replace('-', '_')}",
        request={"application/json": _schema_of(*([shape] if shape else [Communication, Onboarding]))},
        responses={200: {"type": "object", "additionalProperties": True, "required": ["method"]}},
    )
    @api_view(["POST"])
    def view(request: Request) -> Response:
        return Response(answer(request.data if shape is None else read(request.data, shape)))

    return view


def _schema_of(*shapes: Any) -> dict[str, Any]:
    """The shape (or one of several) as JSON schema with its parts written in place."""
    schemas, parts = msgspec.json.schema_components(shapes, ref_template="{name}")
    drawn = [dict(_unfold(schema, parts)) for schema in schemas]
    return drawn[0] if len(drawn) == 1 else {"oneOf": drawn}


def _unfold(piece: Any, parts: dict[str, Any]) -> Any:
    if isinstance(piece, list):
        return [_unfold(one, parts) for one in piece]
    if not isinstance(piece, dict):
        return piece
    if "$ref" in piece:
        return _unfold(parts[piece["$ref"]], parts)
    return {name: _unfold(value, parts) for name, value in piece.items()}


def _promoters(asked: Nps) -> tuple[int, int, int]:
    if (asked.scores is None) == (asked.counts is None):
        raise _refuse("scores", _("Send either “scores” or “counts”."))
    if asked.counts is not None:
        return asked.counts.promoters, asked.counts.passives, asked.counts.detractors
    scores = asked.scores or []
    up, down = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    return up, len(scores) - up - down, down


def _arm(name: str, counts: tuple[int, int]) -> Arm:
    if counts[0] > counts[1]:
        raise _refuse(name, _("More conversions than people."))
    return Arm(*counts)


def _pair(interval: Interval | None) -> list[float] | None:
    return None if interval is None else list(interval)


def _unknown_field(words: str) -> str:
    return words.partition("field `")[2].partition("`")[0]


def _refuse(field: str, text: str) -> Refusal:
    return Refusal("invalid", text, errors={field: [text]})


def _exact(share: float) -> Decimal:
    """The decimal that was written, not the double beside it."""
    return Decimal(repr(share))


VIEWS = {name: _view(name) for name in _QUESTIONS}
