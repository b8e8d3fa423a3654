"""Sortable rank strings over 0-9a-z: a move changes one row. Compared by code point."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(DIGITS)


def between(before: str | None, after: str | None) -> str:
    """A rank strictly between two ranks; None stands for the open end. Ranks never end in "0"."""
    low, high = before or "", after
    if high is not None and low >= high:
        raise ValueError("ranks are out of order")
    prefix = ""
    position = 0
    while True:
        low_digit = DIGITS.index(low[position]) if position < len(low) else 0
        high_digit = DIGITS.index(high[position]) if high is not None and position < len(high) else _BASE
        if high_digit - low_digit > 1:
            return prefix + DIGITS[(low_digit + high_digit) // 2]
        prefix += DIGITS[low_digit]
        if high_digit > low_digit:
            high = None
        position += 1


def spread(count: int) -> list[str]:
    """`count` ranks in order with room between all of them."""
    width = 1
    while _BASE**width < (count + 1) * 4:
        width += 1
    step = _BASE**width // (count + 1)
    return [_digits(step * (index + 1), width).rstrip("0") or "1" for index in range(count)]


def _digits(number: int, width: int) -> str:
    out = ""
    for _ in range(width):
        number, digit = divmod(number, _BASE)
        out = DIGITS[digit] + out
    return out
