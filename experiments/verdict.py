"""What a test of a hypothesis says. Pure: counts in, a judgement out; differences are treatment minus control, as fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from analytics.calculators import Arm, Comparison, compare_proportions, newcombe, sample_size

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A neighbouring figure that must not suffer: the change may harm it by less than `margin` (a fraction)."""

    name: str
    margin: float
    control: Arm
    treatment: Arm
    is_worse_up: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A guardrail looked at; breached where the interval does not rule out harm beyond the margin."""

    guardrail: Guardrail
    difference: float
    low: float
    high: float
    is_breached: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict ("confirmed", "refuted", "inconclusive") with its figures."""

    verdict: str
    comparison: Comparison
    outcomes: tuple[Outcome, ...]
    monthly_effect: Decimal | None

    @property
    def is_guardrail_breached(self) -> bool:
        return any(outcome.is_breached for outcome in self.outcomes)


def judge(
    control: Arm,
    treatment: Arm,
    *,
    alpha: float = 0.05,
    expected: float | None = None,
    is_better_up: bool = True,
    guardrails: Sequence[Guardrail] = (),
    people_a_month: int | None = None,
    value_of_one: Decimal | None = None,
) -> Judgement:
    """Judges a test of two shares, both arms not empty. `expected` is the awaited difference in points, where it is known."""
    comparison = compare_proportions(control, treatment, alpha=alpha)
    verdict = verdict_of(comparison, alpha=alpha, expected=expected, is_better_up=is_better_up)
    outcomes = tuple(_look(guardrail, alpha) for guardrail in guardrails)
    return Judgement(verdict, comparison, outcomes, _money(comparison.difference, people_a_month, value_of_one))


def verdict_of(comparison: Comparison, *, alpha: float, expected: float | None = None, is_better_up: bool = True) -> str:
    """Confirmed: significant, the right way. Refuted: significant the wrong way, or an interval short of what was expected."""
    if comparison.difference is None or comparison.newcombe is None or comparison.p_value is None:
        return "inconclusive"
    sign = 1 if is_better_up else -1
    gain = sign * comparison.difference
    best = max(sign * edge for edge in comparison.newcombe)
    if comparison.p_value < alpha:
        return "confirmed" if gain > 0 else "refuted"
    if expected is not None and best < abs(expected):
        return "refuted"
    return "inconclusive"


def needed_per_group(
    baseline: float | None, expected: float, *, is_relative: bool, alpha: float = 0.05, power: float = 0.8
) -> int | None:
    """People a group that the expected lift asks for; None where the baseline is unknown or the target is no share."""
    if baseline is None or not 0 < baseline < 1 or expected == 0:
        return None
    target = baseline * (1 + expected) if is_relative else baseline + expected
    return sample_size(baseline, target, alpha=alpha, power=power) if 0 < target < 1 else None


def _look(guardrail: Guardrail, alpha: float) -> Outcome:
    low, high = newcombe(guardrail.control, guardrail.treatment, alpha=alpha)
    difference = guardrail.treatment.converted / guardrail.treatment.total - guardrail.control.converted / guardrail.control.total
    worst = high if guardrail.is_worse_up else -low
    return Outcome(guardrail, difference, low, high, worst > guardrail.margin)


def _money(difference: float | None, people: int | None, value: Decimal | None) -> Decimal | None:
    if difference is None or people is None or value is None:
        return None
    return (Decimal(repr(difference)) * people * value).quantize(_CENT, ROUND_HALF_UP)
