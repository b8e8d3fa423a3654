"""Statistics behind the figures. Pure: numbers in, numbers out."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Survival:
    """Kaplan-Meier steps at the distinct event times: arrays of equal length."""

    times: Any
    at_risk: Any
    events: Any
    survival: Any


def kaplan_meier(durations: Any, is_over: Any) -> Survival:
    """Product-limit estimate (Kaplan & Meier 1958). `durations` in any unit, `is_over` False where censored.

    Those censored at an event time are still at risk there.
    """
    order = np.argsort(durations, kind="stable")
    durations, is_over = np.asarray(durations, dtype=float)[order], np.asarray(is_over, dtype=bool)[order]
    times, counts = np.unique(durations[is_over], return_counts=True)
    at_risk = len(durations) - np.searchsorted(durations, times, side="left")
    return Survival(times, at_risk, counts, np.cumprod(1 - counts / at_risk) if len(times) else np.zeros(0))


def survival_quantile(curve: Survival, share: float) -> float | None:
    """The smallest time by which at least `share` have left; None where the curve does not get there."""
    reached = np.flatnonzero(curve.survival <= 1 - share + 1e-12)
    return float(curve.times[reached[0]]) if len(reached) else None


def survival_mean(curve: Survival, longest: float) -> float | None:
    """Area under the curve up to the longest observed time (restricted mean); None without observations."""
    if longest <= 0 and not len(curve.times):
        return None
    edges = np.concatenate(([0.0], curve.times, [max(longest, curve.times[-1] if len(curve.times) else 0.0)]))
    heights = np.concatenate(([1.0], curve.survival))
    return float((np.diff(edges) * heights).sum())


def histogram(values: Any, bins: int | None) -> list[list[float]]:
    """[lower edge, count] of equal widths in whole units rounded up, from the smallest value on.

    Automatic: the cube root of the number of values, 1 to 60. No values give no bins.
    """
    if not len(values):
        return []
    count = bins or int(min(60, max(1, np.ceil(round(len(values) ** (1 / 3), 9)))))
    low, high = float(values.min()), float(values.max())
    width = max(1, int(np.ceil((high - low) / count)))
    place = np.minimum(((values - low) // width).astype(np.int64), count - 1)
    return [[low + number * width, int(n)] for number, n in enumerate(np.bincount(place, minlength=count))]
