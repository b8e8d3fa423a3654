"""Figures as people read them, in Russian and English: 48 200, 9,6 %, −0,4 п.п. / 48,200, 9.6%, −0.4 pp."""

from decimal import Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
Number = int | float | Decimal


def number(value: Number, language: str, *, digits: int = 0) -> str:
    """Grouped by thousands, with the language's decimal sign and a real minus."""
    text = f"{abs(value):,.{digits}f}"  # grouped in the English way first
    if language == "ru":
        text = text.replace(",", NBSP).replace(".", ",")
    return (MINUS if round(float(value), digits) < 0 else "") + text


def percent(share: Number, language: str, *, digits: int = 1) -> str:
    """A fraction 0 to 1 as a percentage; whole percents drop the zero."""
    value = round(float(share) * 100, digits)
    text = number(value, language, digits=0 if value == int(value) else digits)
    return text + (f"{NBSP}%" if language == "ru" else "%")


def points(share: Number, language: str, *, digits: int = 1) -> str:
    """A difference of fractions in percentage points, signed."""
    value = round(float(share) * 100, digits)
    text = number(value, language, digits=digits)
    return ("+" if value > 0 else "") + text + (f"{NBSP}п.п." if language == "ru" else f"{NBSP}pp")


def money(amount: Number, currency: str, language: str) -> str:
    """Short: 2,40 млн ₽, 390 тыс. ₽ / ₽2.40M, ₽390K."""
    value = float(amount)
    sign = {"RUB": "₽", "USD": "$", "EUR": "€"}.get(currency, currency)
    if abs(value) >= 999_500:
        text, unit = number(value / 1e6, language, digits=2), f"{NBSP}млн" if language == "ru" else "M"
    elif abs(value) >= 100_000:
        text, unit = number(value / 1e3, language), f"{NBSP}тыс." if language == "ru" else "K"
    else:
        text, unit = number(value, language), ""
    if language == "ru":
        return f"{text}{unit}{NBSP}{sign}"
    return f"{text}{unit}{NBSP}{sign}" if len(sign) > 1 else f"{sign}{text}{unit}"


def duration(seconds: Number, language: str) -> str:
    """The largest fitting unit: 6 дн, 3 ч, 12 мин / 6 d, 3 h, 12 min."""
    value = float(seconds)
    russian = language == "ru"
    for size, ru, en in ((86400, "дн", "d"), (3600, "ч", "h"), (60, "мин", "min")):
        if value >= size * (2 if size == 86400 else 1):
            amount = round(value / size, 1)
            digits = 1 if amount < 10 and amount != int(amount) else 0
            return f"{number(amount, language, digits=digits)}{NBSP}{ru if russian else en}"
    return f"{number(value, language)}{NBSP}{'с' if russian else 's'}"
