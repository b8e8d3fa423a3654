from decimal import Decimal

from cjm.lib import ranks, words


def test_russian_figures() -> None:
    assert words.number(48200, "ru") == "48\u00a0200"
    assert words.percent(0.096, "ru") == "9,6\u00a0%"
    assert words.points(-0.004, "ru") == "−0,4\u00a0п.п."
    assert words.money(Decimal("1880000"), "RUB", "ru") == "1,88\u00a0млн\u00a0₽"


def test_english_figures() -> None:
    assert words.number(48200, "en") == "48,200"
    assert words.percent(0.6, "en") == "60%"
    assert words.money(400000, "RUB", "en") == "₽400K"


def test_a_rank_fits_between_any_two() -> None:
    low, high = ranks.spread(2)
    for _ in range(200):
        middle = ranks.between(low, high)
        assert low < middle < high
        high = middle


def test_ranks_are_spread_in_order() -> None:
    assert (row := ranks.spread(500)) == sorted(set(row))
