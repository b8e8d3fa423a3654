"""The emotion curve as geometry."""

import re

import pytest

from touchpoints import curve
from touchpoints.curve import Spot


def _spots(*values: float) -> list[Spot]:
    return [Spot(str(index), index, value, f"e{index}") for index, value in enumerate(values)]


def test_points_stand_at_their_values_in_the_middle_of_their_stages() -> None:
    drawn = curve.draw(_spots(2, -2), 2)
    assert [(point.x, point.y) for point in drawn.points] == [(25.0, 8.0), (75.0, 84.0)]


def test_several_points_of_one_stage_keep_their_order() -> None:
    drawn = curve.draw([Spot("a", 0, 1), Spot("b", 0, -2), Spot("c", 0, 1)], 1)
    assert [point.spot.key for point in drawn.points] == ["a", "b", "c"]
    assert drawn.points[0].x < drawn.points[1].x < drawn.points[2].x


@pytest.mark.parametrize("values", [(2, -2, 2, -2), (0, 0, 0), (1.5, 1.4, -1.8, 1), (-2, 2)])
def test_the_line_never_overshoots_what_was_said(values: tuple[float, ...]) -> None:
    points = [(float(index * 100), curve.height_of(value)) for index, value in enumerate(values)]
    heights = [curve._height_at(points, step * (len(values) - 1)) for step in range(101)]
    low, high = min(y for _x, y in points), max(y for _x, y in points)
    assert all(low - 1e-6 <= height <= high + 1e-6 for height in heights)


def test_neighbouring_dips_share_a_flag() -> None:
    drawn = curve.draw([Spot("a", 0, -1.3, "тревога"), Spot("b", 0, -1.8, "страх"), Spot("c", 6, -1.5, "злость")], 12)
    assert [(dip.words, dip.lowest) for dip in drawn.dips] == [(["тревога", "страх"], -1.8), (["злость"], -1.5)]


def test_the_measured_line_stands_over_the_points_that_it_measures() -> None:
    told = curve.draw(_spots(1, -1, 1), 3)
    measured = curve.measure([Spot("m", 1, 0), Spot("n", 2, 0)], 3, beside={"m": told.points[1].x}, told=told)
    assert [point.x for point in measured.points] == [50.0, 83.33]
    assert re.fullmatch(r"M[\d. L-]+Z", measured.gap)


def test_nothing_measured_draws_nothing() -> None:
    told = curve.draw(_spots(1), 1)
    assert curve.measure([], 1, beside={}, told=told) == curve.Measured()
    assert curve.draw([], 3) == curve.Curve()
