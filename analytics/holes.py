"""The price of a hole in a journey: how much money a share below its reference loses. Pure and exact (Decimal)."""

from decimal import ROUND_HALF_UP, Decimal

_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution
_CENT = Decimal("0.01")


def price(n: Decimal | int, *, reference: Decimal, observed: Decimal, value: Decimal) -> Decimal:
    """n people x (reference - observed share, 0 to 1) x value downstream of each; nothing is lost above the reference."""
    return (n * max(reference - observed, Decimal(0)) * value).quantize(_CENT, ROUND_HALF_UP)


def communication_loss(sessions: int, *, conversion_was: Decimal, conversion_is: Decimal, average_cheque: Decimal) -> Decimal:
    """Money lost in the period of `sessions`: 10,000 sessions, 2.5 % to 2.0 %, 8,000 a deal lose 400,000."""
    return price(sessions, reference=conversion_was, observed=conversion_is, value=average_cheque)


def onboarding_loss(
    newcomers: int, *, activation_target: Decimal, activation_is: Decimal, upsell_rate: Decimal, upsell_value: Decimal
) -> Decimal:
    """Upsells lost with the newcomers who were not activated: 100, 75 % to 60 %, 20 % x 5,000 lose 15,000."""
    return price(newcomers, reference=activation_target, observed=activation_is, value=upsell_rate * upsell_value)


def interval_of_share(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of hits / n (Wilson 1927), 0 to 1; (0, 1) where n is 0."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, _Z * _Z
    middle = share + z2 / (2 * n)
    spread = _Z * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(0.0, (middle - spread) / (1 + z2 / n)), min(1.0, (middle + spread) / (1 + z2 / n))
