"""The generated half-year: conversions, times, the dip of the price list, returns and tails."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cjm.demo import files, saas_map, shop_map, story
from cjm.demo.events import KINDS, TARGETS
from cjm.demo.traffic import CODE, DAYS, NAMES, PRICE_LIST_AGO, Journeys, generate

SCREEN = (9.6, 31.6, 20.8, 60.0, 83.0, 25.2)
NOW = datetime(2026, 3, 5, 15, 30, tzinfo=ZoneInfo("Europe/Moscow"))
_STAGE = np.array([next((stage for stage, names in enumerate(TARGETS) if name in names), -1) for name in NAMES])


@pytest.fixture(scope="module")
def journeys() -> Journeys:
    return generate(50_000)


def reached(journeys: Journeys, *, since: float) -> list[int]:
    """How many customers have a touch of the stage or of a later one since that day: the funnel's mode "reached"."""
    touches = journeys.touches
    stage = _STAGE[touches.kind]
    counted = (stage >= 0) & (touches.day >= since)
    furthest = np.full(len(journeys.depth), -1)
    np.maximum.at(furthest, touches.customer[counted], stage[counted])
    return [int((furthest >= number).sum()) for number in range(len(TARGETS))]


@pytest.mark.parametrize("since", [0, DAYS - 90])
def test_conversions_lie_within_two_points_of_the_screen(journeys, since):
    counts = reached(journeys, since=since)
    shares = [100 * after / before for before, after in zip(counts, counts[1:], strict=False)]
    assert all(abs(share - wanted) < 2 for share, wanted in zip(shares, SCREEN, strict=True)), shares


def test_it_is_as_large_as_it_says(journeys):
    assert len(journeys.depth) == 50_000
    assert 190_000 < len(journeys.touches) < 210_000


def test_times_between_the_stages_are_those_of_the_screen(journeys):
    medians = [np.nanmedian(journeys.entered[number + 1] - journeys.entered[number]) for number in range(6)]
    assert medians == pytest.approx([6, 9, 23, 14, 11, 74], rel=0.2)


def test_fewer_buy_since_the_new_price_list(journeys):
    decided, bought = journeys.entered[2], journeys.entered[3]
    before = (decided > DAYS - 100) & (decided < DAYS - PRICE_LIST_AGO)
    after = (decided >= DAYS - PRICE_LIST_AGO) & (decided < DAYS - PRICE_LIST_AGO + 14)
    assert np.isnan(bought[after]).mean() - np.isnan(bought[before]).mean() > 0.08


def test_many_hang_in_the_decision_and_some_go_back(journeys):
    touches = journeys.touches
    silent = ~np.isin(np.flatnonzero(journeys.depth == 3), touches.customer[touches.kind == CODE["lost"]])
    assert silent.sum() > 400
    assert (touches.kind == CODE["compare"]).sum() > 120


def test_set_ups_have_a_second_hump(journeys):
    days = (journeys.entered[5] - journeys.entered[4])[~np.isnan(journeys.entered[5])]
    hump, valley = ((days >= 29) & (days < 41)).sum(), ((days >= 20) & (days < 29)).sum()
    assert hump > 2 * valley


def test_the_first_part_holds_the_stages_in_proportion(journeys):
    part = journeys.depth[:2_500]
    whole = [(journeys.depth > number).mean() for number in range(5)]
    assert [(part > number).mean() for number in range(5)] == pytest.approx(whole, rel=0.1)


def test_the_same_seed_gives_the_same_traffic():
    first, second = generate(800), generate(800)
    assert np.array_equal(first.touches.day, second.touches.day)
    assert np.array_equal(first.touches.kind, second.touches.kind)


def test_nothing_lies_ahead_and_everything_within_office_hours():
    calendar = files.Calendar(NOW)
    journeys = generate(2_000)
    moments = [datetime.fromisoformat(text).astimezone(files.ZONE) for text in calendar.moments(journeys.touches.day)]
    assert NOW - timedelta(days=2) < max(moments) < NOW
    assert min(moment.hour for moment in moments) >= 8
    assert max(moment.hour for moment in moments) <= 20
    assert NOW - min(moments) > timedelta(days=170)


def test_a_file_holds_whole_customers_in_order():
    first, rest = files.tables(generate(1_500), calendar=files.Calendar(NOW), language="ru", first=1_000)
    lines = [table.text.decode().splitlines()[1:] for table in (first, rest)]
    people = [{tuple(line.split(",")[:2]) for line in some} for some in lines]
    assert not people[0] & people[1]
    assert len(lines[0]) == first.rows >= 1_000
    assert len({line.split(",")[2] for some in lines for line in some}) == first.rows + rest.rows


def test_a_story_never_goes_back_in_time():
    calendar = files.Calendar(datetime(2026, 7, 1, 20, tzinfo=UTC))
    for _person, moments in story.PEOPLE:
        times = [calendar.of(moment) for moment in moments]
        assert times == sorted(times)
    assert len(story.DEMIDOV_TOUCHES) == 34


@pytest.mark.parametrize("document", [saas_map.document, shop_map.document])
def test_both_languages_tell_the_same_map(document):
    russian, english = document("ru"), document("en")
    assert {name: len(rows) for name, rows in russian.items() if isinstance(rows, list)} == {
        name: len(rows) for name, rows in english.items() if isinstance(rows, list)
    }
    assert not any("а" <= letter <= "я" for letter in str(english).lower())


def test_every_event_has_both_names():
    assert all(kind.touchpoint[0] and kind.touchpoint[1] for kind in KINDS.values())
