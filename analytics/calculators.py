"""The arithmetic of experiments. Pure: counts and shares in, figures out; what cannot be computed is None, never NaN."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, exp, inf, isfinite, lgamma, log, log1p, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arm:
    """Converted of total; 0 <= converted <= total."""

    converted: int
    total: int

    @property
    def rate(self) -> float | None:
        return self.converted / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatment minus control. Rates and differences are fractions; None where an arm is too empty to tell."""

    difference: float | None
    z: float | None
    p_value: float | None
    newcombe: Interval | None
    wald: Interval | None
    relative_lift: float | None
    relative_interval: Interval | None


def quantile(alpha: float) -> float:
    """The two-sided normal quantile: 1.96 for 0.05."""
    return _NORMAL.inv_cdf(1 - alpha / 2)


def compare_proportions(control: Arm, treatment: Arm, *, alpha: float = 0.05) -> Comparison:
    """Pooled z test of two proportions with Newcombe's and Wald's intervals; the lift's interval by log ratio (Katz 1978)."""
    if not control.total or not treatment.total:
        return Comparison(None, None, None, None, None, None, None)
    low, high = control.converted / control.total, treatment.converted / treatment.total
    difference, z = high - low, _pooled_z(control, treatment)
    is_told = bool(control.converted and treatment.converted)
    p_value = 2 * _NORMAL.cdf(-abs(z)) if is_told and z is not None else None
    return Comparison(
        difference,
        z,
        p_value,
        newcombe(control, treatment, alpha=alpha),
        _wald(control, treatment, alpha),
        high / low - 1 if is_told else None,
        _log_ratio(control, treatment, alpha) if is_told else None,
    )


def wilson(arm: Arm, *, alpha: float = 0.05) -> Interval:
    """Wilson's interval of a share, 0 to 1 (Wilson 1927); (0, 1) for an empty arm."""
    if not arm.total:
        return 0.0, 1.0
    z, n, share = quantile(alpha), arm.total, arm.converted / arm.total
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(control: Arm, treatment: Arm, *, alpha: float = 0.05) -> Interval:
    """Newcombe's interval of the difference (Newcombe 1998, method 10, without continuity correction); both arms not empty."""
    p1, p2 = control.converted / control.total, treatment.converted / treatment.total
    (l1, u1), (l2, u2) = wilson(control, alpha=alpha), wilson(treatment, alpha=alpha)
    difference = p2 - p1
    return difference - sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2), difference + sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2)


def check_ratio(observed: Sequence[int], weights: Sequence[float]) -> tuple[float, int, float]:
    """Chi-squared test of a sample ratio: (statistic, degrees of freedom, p). Weights above 0, something observed."""
    total, whole = sum(observed), sum(weights)
    expected = [total * weight / whole for weight in weights]
    statistic = sum((seen - due) ** 2 / due for seen, due in zip(observed, expected, strict=True))
    return statistic, len(observed) - 1, chi_squared_tail(statistic, len(observed) - 1)


def sample_size(p1: float, p2: float, *, alpha: float, power: float) -> int:
    """People per group for a two-sided test of two proportions (Fleiss 1981, no continuity correction; R's power.prop.test)."""
    middle = (p1 + p2) / 2
    spread = quantile(alpha) * sqrt(2 * middle * (1 - middle)) + _NORMAL.inv_cdf(power) * sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    return max(2, ceil((spread / (p2 - p1)) ** 2 - 1e-9))


def power_of(p1: float, p2: float, n_per_group: int, *, alpha: float) -> float:
    """The chance to see the difference at that size; the far tail is left out, as power.prop.test does."""
    middle = (p1 + p2) / 2
    own = sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    reach = sqrt(n_per_group) * abs(p2 - p1) - quantile(alpha) * sqrt(2 * middle * (1 - middle))
    return _NORMAL.cdf(reach / own) if own else 1.0


def smallest_effect(p1: float, n_per_group: int, *, alpha: float, power: float) -> float | None:
    """The smallest increase that would be seen (absolute); None where even a rise to 1 would not."""
    if power_of(p1, 1.0, n_per_group, alpha=alpha) < power:
        return None
    low, high = p1, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if power_of(p1, middle, n_per_group, alpha=alpha) < power:
            low = middle
        else:
            high = middle
    return high - p1


def _bonferroni(ordered: Sequence[float]) -> list[float]:
    return [p * len(ordered) for p in ordered]


def _holm(ordered: Sequence[float]) -> list[float]:
    return _rising([p * (len(ordered) - place) for place, p in enumerate(ordered)])


def _hochberg(ordered: Sequence[float]) -> list[float]:
    return _falling([p * (len(ordered) - place) for place, p in enumerate(ordered)])


def _benjamini_hochberg(ordered: Sequence[float]) -> list[float]:
    return _falling([p * len(ordered) / (place + 1) for place, p in enumerate(ordered)])


CORRECTIONS: dict[str, Callable[[Sequence[float]], list[float]]] = {
    "holm": _holm,
    "bonferroni": _bonferroni,
    "hochberg": _hochberg,
    "benjamini_hochberg": _benjamini_hochberg,
}


def adjust(p_values: Sequence[float], method: str) -> list[float]:
    """p values corrected for their number, in the order given; at most 1."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted = [0.0] * len(p_values)
    for index, value in zip(order, CORRECTIONS[method]([p_values[index] for index in order]), strict=True):
        adjusted[index] = min(1.0, value)
    return adjusted


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over one arm of a figure after (post) and before (pre) the test."""

    n: int
    post_sum: float
    post_sum_squares: float
    pre_sum: float
    pre_sum_squares: float
    post_pre_sum_of_products: float

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def covariance(self) -> float:
        return (self.post_pre_sum_of_products - self.post_sum * self.pre_sum / self.n) / (self.n - 1)

    @property
    def pre_variance(self) -> float:
        return (self.pre_sum_squares - self.pre_sum**2 / self.n) / (self.n - 1)

    @property
    def post_variance(self) -> float:
        return (self.post_sum_squares - self.post_sum**2 / self.n) / (self.n - 1)

    def adjusted(self, theta: float) -> tuple[float, float]:
        """Mean and variance of post - theta x pre."""
        mean = (self.post_sum - theta * self.pre_sum) / self.n
        return mean, max(0.0, self.post_variance + theta**2 * self.pre_variance - 2 * theta * self.covariance)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Difference of means, treatment minus control, with the noise known beforehand taken out."""

    difference: float
    interval: Interval
    p_value: float
    theta: float


def cuped(control: Sums, treatment: Sums, *, alpha: float = 0.05) -> Adjusted:
    """CUPED (Deng et al. 2013): theta over both arms together, then Welch's t test. Each arm holds at least 2."""
    both = control + treatment
    theta = both.covariance / both.pre_variance if both.pre_variance > 0 else 0.0
    (mean_c, variance_c), (mean_t, variance_t) = control.adjusted(theta), treatment.adjusted(theta)
    # Both means are moved back by the same theta x pre-mean of all, so only the difference of pre-means matters.
    difference = mean_t - mean_c
    own_c, own_t = variance_c / control.n, variance_t / treatment.n
    error = sqrt(own_c + own_t)
    if error == 0:
        return Adjusted(difference, (difference, difference), 1.0 if difference == 0 else 0.0, theta)
    freedom = (own_c + own_t) ** 2 / (own_c**2 / (control.n - 1) + own_t**2 / (treatment.n - 1))
    half = student_quantile(alpha, freedom) * error
    return Adjusted(difference, (difference - half, difference + half), student_tails(difference / error, freedom), theta)


def net_promoters(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    """NPS and its standard error, both in points from -100 to 100; at least one answer."""
    n = promoters + passives + detractors
    up, down = promoters / n, detractors / n
    return 100 * (up - down), 100 * sqrt(max(0.0, up + down - (up - down) ** 2) / n)


def chi_squared_tail(statistic: float, freedom: int) -> float:
    """P(X >= statistic) of the chi-squared distribution: the upper regularised gamma function."""
    if freedom < 1 or statistic <= 0:
        return 1.0
    return _upper_gamma(freedom / 2, statistic / 2)


def student_tails(t: float, freedom: float) -> float:
    """P(|T| >= |t|) of Student's distribution."""
    return _beta_ratio(freedom / (freedom + t * t), freedom / 2, 0.5) if isfinite(t) else 0.0


def student_quantile(alpha: float, freedom: float) -> float:
    """The two-sided quantile: P(|T| >= q) = alpha."""
    low, high = 0.0, 1.0
    while student_tails(high, freedom) > alpha and high < 1e12:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if student_tails(middle, freedom) > alpha else (low, middle)
    return high


def _pooled_z(control: Arm, treatment: Arm) -> float:
    pooled = (control.converted + treatment.converted) / (control.total + treatment.total)
    error = sqrt(pooled * (1 - pooled) * (1 / control.total + 1 / treatment.total))
    return (treatment.converted / treatment.total - control.converted / control.total) / error if error else 0.0


def _wald(control: Arm, treatment: Arm, alpha: float) -> Interval:
    p1, p2 = control.converted / control.total, treatment.converted / treatment.total
    half = quantile(alpha) * sqrt(p1 * (1 - p1) / control.total + p2 * (1 - p2) / treatment.total)
    return p2 - p1 - half, p2 - p1 + half


def _log_ratio(control: Arm, treatment: Arm, alpha: float) -> Interval:
    ratio = log((treatment.converted / treatment.total) / (control.converted / control.total))
    half = quantile(alpha) * sqrt(1 / control.converted - 1 / control.total + 1 / treatment.converted - 1 / treatment.total)
    return exp(ratio - half) - 1, exp(ratio + half) - 1


def _rising(values: Sequence[float]) -> list[float]:
    out: list[float] = []
    for value in values:
        out.append(max(value, out[-1]) if out else value)
    return out


def _falling(values: Sequence[float]) -> list[float]:
    least, out = inf, []
    for value in reversed(values):
        least = min(least, value)
        out.append(least)
    return out[::-1]


def _upper_gamma(a: float, x: float) -> float:
    """Q(a, x) by series or continued fraction (Abramowitz & Stegun 6.5.29, 6.5.31)."""
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for step in range(1, 10_000):
            term *= x / (a + step)
            total += term
            if term < total * 1e-17:
                break
        return max(0.0, 1 - front * total)
    b, c, d = x + 1 - a, 1e300, 1 / (x + 1 - a)
    h = d
    for step in range(1, 10_000):
        factor = -step * (step - a)
        b += 2
        d = 1 / (factor * d + b or 1e-300)
        c = b + factor / c or 1e-300
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return min(1.0, front * h)


def _beta_ratio(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) by continued fraction (Abramowitz & Stegun 26.5.8)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or 1e-300)
    h = d
    for m in range(1, 10_000):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d or 1e-300)
            c = 1 + factor / c or 1e-300
            h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return h
