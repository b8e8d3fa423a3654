"""Half a year of believable traffic on the map of Сергей: who came when, how far they got, and every touch on the way. Pure.

Times are days since the first local midnight of the half-year; a customer is a number. Everything follows from the seed.
Conversions are those of the reference screen by construction; what is drawn is who converts, when, and what they touch.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .events import CHURN_REASONS, KINDS, LOST_REASONS

Floats = NDArray[Any]
Ints = NDArray[Any]

DAYS: Final = 180
SEED: Final = 20251118
REACHED: Final = (48_200, 4_627, 1_462, 304, 182, 151, 38)  # the counts of the reference screen
# Days to the next stage: median, 90th percentile.
TIMES: Final = ((6, 17), (9, 31), (23, 62), (14, 29), (11, 34), (74, 140))
# Share of the customers of each depth who took their last step in the younger half: traffic grows, the deep ones come late.
YOUNG: Final = (0.649, 0.742, 0.783, 0.87, 0.82, 0.89, 0.93)
FLOW: Final = (0.67, 0.74, 0.78)  # the same of all who entered the first three stages
PRICE_LIST_AGO: Final = 43  # days before the end: the new price list, after which fewer decide to buy
SLOWER: Final = {3: 1.25, 6: 1.2}  # makes up for the long ones that do not fit into the half-year
_Z90 = 1.2815515655446004
_HALF = DAYS / 2


@dataclass
class Touches:
    """Parallel columns, sorted by customer and time. `kind` and `title` are indexes; `title` is -1 where there is none."""

    customer: Ints
    day: Floats
    kind: Ints
    title: Ints
    score: Floats  # NaN where nothing was answered
    value: Floats  # NaN where no money moved

    def __len__(self) -> int:
        return len(self.customer)


@dataclass
class Journeys:
    """`depth` = how many stages each customer reached; `entered[k]` = the day of entering stage k, NaN where never."""

    depth: Ints
    entered: Floats
    touches: Touches = field(init=False)


NAMES: Final = tuple(KINDS)
CODE: Final = {name: index for index, name in enumerate(NAMES)}
METRIC: Final = {"demo": "csat", "lesson": "csat", "ticket": "csat", "paid": "ces", "form": "ces", "nps": "nps"}


def generate(customers: int, *, seed: int = SEED) -> Journeys:
    """Journeys of so many customers, numbered so that any first part of them holds the stages in proportion."""
    chance = np.random.default_rng(seed)
    entered = _stages(customers, chance)
    depth = (~np.isnan(entered)).sum(axis=0)
    order = _interleave(depth, chance)
    journeys = Journeys(depth[order], entered[:, order])
    journeys.touches = _Writer(journeys, chance).write()
    return journeys


def _stages(customers: int, chance: np.random.Generator) -> Floats:
    """Days of entry by stage and customer. The deep journeys are placed first; the others fill up the flow that remains."""
    least = [round(customers * reached / REACHED[0]) for reached in REACHED]
    exact = [count - further for count, further in zip(least, [*least[1:], 0], strict=True)]
    buyers = _buyers(exact, chance)
    columns = [buyers]
    for stage in (2, 1, 0):
        already = np.concatenate([block[stage] for block in columns])
        at = _fill(already, exact[stage], stage, chance)
        block = np.full((len(REACHED), len(at)), np.nan)
        block[stage] = at
        for before in range(stage, 0, -1):
            block[before - 1] = _back(block[before], before, chance)
        columns.append(block)
    return np.concatenate(columns, axis=1)


def _buyers(exact: list[int], chance: np.random.Generator) -> Floats:
    """Those who bought, the deepest first. Week by week they follow the flow of decisions and what the price list did to it."""
    weeks = np.arange(0, DAYS, 7)
    mood = np.where(weeks + 3.5 > DAYS - PRICE_LIST_AGO, 0.72, 1.0)
    left = _flow(2)[weeks + 3] * mood * _in_time(DAYS - weeks - 3.5, *TIMES[2])
    left *= sum(exact[3:]) / left.sum()
    blocks = []
    for depth in (6, 5, 4, 3):
        pool = max(exact[depth], 1) * 400
        block = np.full((len(REACHED), pool), np.nan)
        block[2] = chance.uniform(8, DAYS, pool)
        for stage in range(3, depth + 1):
            block[stage] = block[stage - 1] + _durations(pool, stage, chance)
        for stage in (1, 0):
            block[stage] = _back(block[stage + 1], stage + 1, chance)
        week = (block[2] / 7).astype(int)
        fits = (block[depth] < DAYS) & (block[0] >= 0)
        weight = (np.maximum(left, 0.02) / np.maximum(np.bincount(week[fits], minlength=len(left)), 1))[week]
        if depth > 3:  # long journeys have fewer places to stand in
            weight = weight ** (0.6 if depth < 6 else 0.1) / np.maximum(DAYS - block[depth] + block[0], 6)
        chosen = _choose(block[depth], fits, exact[depth], YOUNG[depth], weight, chance)
        left -= np.bincount(week[chosen], minlength=len(left))
        blocks.append(block[:, chosen])
    return np.concatenate(blocks, axis=1)


def _flow(stage: int) -> Floats:
    """How many enter a stage, day by day: growing so that `FLOW` of them fall into the younger half, few at weekends."""
    days = np.arange(DAYS)
    power = -np.log2(1 - FLOW[stage]) - 1
    week = np.array([1.1, 1.15, 1.12, 1.08, 0.95, 0.45, 0.4])[days % 7]
    return np.asarray(((days + 1) / DAYS) ** power * week)


def _fill(already: Floats, count: int, stage: int, chance: np.random.Generator) -> Floats:
    """Days of entry for `count` more customers, so that with those who are there already the flow comes out."""
    flow = _flow(stage)
    wanted = flow * (len(already) + count) / flow.sum()
    room = np.maximum(wanted - np.bincount(already.astype(int).clip(0, DAYS - 1), minlength=DAYS), wanted * 0.02)
    return np.asarray(chance.choice(DAYS, size=count, p=room / room.sum()) + chance.beta(2.2, 2.2, size=count))


def _back(then: Floats, stage: int, chance: np.random.Generator) -> Floats:
    """When those who entered `stage` at `then` had entered the one before; nobody came before the half-year began."""
    days = _durations(len(then), stage, chance)
    return np.asarray(np.where(then - days > 0, then - days, then * chance.uniform(0.2, 0.8, len(then))))


def _durations(count: int, stage: int, chance: np.random.Generator) -> Floats:
    """Log-normal times from the stage before. A quarter of the set-ups drags on for another month: the second hump."""
    median, p90 = TIMES[stage - 1]
    days = median * np.exp(np.log(p90 / median) / _Z90 * chance.standard_normal(count))
    if stage == 5:
        days = np.where(chance.random(count) < 0.25, chance.uniform(29, 41, count), days * 0.8)
    days *= SLOWER.get(stage, 1.0)
    return np.maximum(np.asarray(days, dtype=np.float64), 0.08)


def _in_time(left: Floats, median: float, p90: float) -> Floats:
    """The share of those who are through before the end, with so many days left."""
    z = np.log(np.maximum(left, 0.1) / median) * _Z90 / np.log(p90 / median)
    return np.asarray(1 / (1 + np.exp(-1.702 * z)))


def _choose(
    last: Floats, fits: NDArray[np.bool_], wanted: int, young: float, weight: Floats, chance: np.random.Generator
) -> Ints:
    """Indexes of `wanted` journeys that fit into the half-year, `young` of them ending in its younger half; drawn by weight."""
    key = chance.exponential(size=len(last)) / weight  # the smallest keys are a weighted draw without putting back
    late = np.flatnonzero(fits & (last >= _HALF))
    early = np.flatnonzero(fits & (last < _HALF))
    few = min(len(early), wanted - round(wanted * young))
    early = early[np.argsort(key[early])[:few]]
    late = late[np.argsort(key[late])[: wanted - few]]
    return np.concatenate([early, late])


def _interleave(depth: Ints, chance: np.random.Generator) -> Ints:
    """An order in which customers of each depth are spread evenly."""
    place = np.empty(len(depth))
    for value in np.unique(depth):
        members = np.flatnonzero(depth == value)
        place[chance.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    return np.argsort(place, kind="stable")


class _Writer:
    """Writes the touches that lie between the stages."""

    def __init__(self, journeys: Journeys, chance: np.random.Generator) -> None:
        self.entered = journeys.entered
        self.depth = journeys.depth
        self.chance = chance
        self.parts: list[tuple[Any, ...]] = []

    def write(self) -> Touches:
        self._awareness()
        self._consideration()
        self._decision()
        self._purchase()
        self._onboarding()
        self._loyalty()
        columns = [np.concatenate(column) for column in zip(*self.parts, strict=True)]
        customer, day, kind, title, score, value = columns
        keep = day < DAYS
        order = np.lexsort((day[keep], customer[keep]))
        return Touches(*(column[keep][order] for column in (customer, day, kind, title, score, value)))

    def _add(self, name: str, who: Ints, day: Floats, *, score: Any = np.nan, value: Any = np.nan, title: Any = None) -> None:
        count = len(who)
        titles = len(KINDS[name].titles)
        if title is None:
            title = self.chance.integers(titles, size=count) if titles else np.full(count, -1)
        self.parts.append(
            (
                who, day, np.full(count, CODE[name]), np.broadcast_to(title, count).astype(np.int64),
                np.broadcast_to(score, count).astype(np.float64), np.broadcast_to(value, count).astype(np.float64),
            )
        )  # fmt: skip

    def _who(self, stage: int) -> tuple[Ints, Floats, Floats]:
        """Customers who entered the stage, when, and until when they are seen there (the next stage, or the end)."""
        who = np.flatnonzero(self.depth > stage)
        until = self.entered[stage + 1, who] if stage + 1 < len(self.entered) else np.full(len(who), np.nan)
        return who, self.entered[stage, who], np.where(np.isnan(until), DAYS, until)

    def _some(self, share: float, *columns: Any) -> tuple[Any, ...]:
        keep = self.chance.random(len(columns[0])) < share
        return tuple(column[keep] for column in columns)

    def _between(self, begin: Floats, end: Floats, spread: float) -> Floats:
        """Moments after `begin`, thinning out over about `spread` days, before `end`."""
        room = np.minimum(end - begin, spread * 4)
        return np.asarray(begin + room * (1 - np.exp(-self.chance.exponential(0.6, size=len(begin)))) * 0.98)

    def _several(self, name: str, who: Ints, begin: Floats, end: Floats, mean: float, spread: float) -> None:
        times = self.chance.poisson(mean, size=len(who))
        many = np.repeat(np.arange(len(who)), times)
        self._add(name, who[many], self._between(begin[many], end[many], spread))

    def _mixed(self, names: tuple[str, ...], shares: tuple[float, ...], who: Ints, day: Floats) -> None:
        """One touch each, of a kind drawn by share."""
        drawn = self.chance.choice(len(names), size=len(who), p=np.array(shares) / sum(shares))
        for index, name in enumerate(names):
            self._add(name, who[drawn == index], day[drawn == index])

    def _answers(self, low: int, high: int, mean: float, spread: float, count: int) -> Floats:
        return np.clip(np.round(self.chance.normal(mean, spread, size=count)), low, high)

    def _awareness(self) -> None:
        who, at, until = self._who(0)
        self._mixed(("article", "search", "ad", "social"), (38, 30, 22, 10), who, at)
        times = self.chance.poisson(2.24, size=len(who))
        many = np.repeat(np.arange(len(who)), times)
        self._mixed(
            ("article", "page", "search", "social"), (40, 34, 18, 8), who[many], self._between(at[many], until[many], 4.0)
        )

    def _consideration(self) -> None:
        who, at, until = self._who(1)
        self._mixed(("form", "guide", "webinar"), (44, 40, 16), who, at)
        self._several("guide", who, at, until, 0.9, 9)
        self._several("letter", who, at, until, 1.5, 12)
        self._several("prices", who, at, until, 0.6, 9)
        self._several("case", who, at, until, 0.4, 9)
        self._add("webinar", *self._moments(0.18, who, at, until, 9))
        asked, day, end = self._some(0.35, who, at, until)
        self._add("form", asked, self._between(day, end, 1.0), score=self._answers(1, 7, 3.9, 1.4, len(asked)))

    def _moments(self, share: float, who: Ints, begin: Floats, end: Floats, spread: float) -> tuple[Ints, Floats]:
        some, first, last = self._some(share, who, begin, end)
        return some, self._between(first, last, spread)

    def _decision(self) -> None:
        who, at, until = self._who(2)
        room = until - at
        self._add("demo_asked", who, at)
        called, day, left = self._some(0.72, who, at, room)
        self._add("call", called, day + np.minimum(left * 0.1, self.chance.exponential(0.6, len(called))))
        held, day, left = self._some(0.80, who, at, room)
        shown = day + np.minimum(left * 0.3, 1 + self.chance.exponential(2.5, len(held)))
        graded = np.where(self.chance.random(len(held)) < 0.45, self._answers(1, 5, 4.4, 0.8, len(held)), np.nan)
        self._add("demo", held, shown, score=graded)
        buys = self.depth[held] > 3
        offered = buys | (self.chance.random(len(held)) < 0.32)
        got, day, left = held[offered], shown[offered], (day + left - shown)[offered]
        sent = day + np.minimum(left * 0.5, self.chance.normal(3.4, 1.1, len(got)).clip(0.5))
        self._add("proposal", got, sent)
        self._several("proposal_open", got, sent, sent + np.maximum(left * 0.45, 0.05), 1.6, 5)
        for name, mean in (("prices", 0.8), ("case", 0.6), ("integration", 0.7), ("letter", 1.6)):
            self._several(name, who, at, until, mean, 14)
        self._returns(who, at, until)
        self._losses(who, at)

    def _returns(self, who: Ints, at: Floats, until: Floats) -> None:
        """Back to comparing, and for most of them a second demo later."""
        some, day, end = self._some(0.13, who, at, until)
        back = day + (end - day) * self.chance.uniform(0.2, 0.5, len(some))
        self._add("compare", some, back)
        again, first, last = self._some(0.65, some, back, end)
        self._add("demo", again, first + np.minimum((last - first) * 0.6, 4 + self.chance.exponential(9, len(again))))

    def _losses(self, who: Ints, at: Floats) -> None:
        """A part of those who do not buy say so; the others hang: the tail of the stage."""
        gone = self.depth[who] == 3
        lost, day = self._some(0.52, who[gone], at[gone])
        reasons = self.chance.choice(len(LOST_REASONS), size=len(lost), p=[share for _text, share in LOST_REASONS])
        self._add("lost", lost, day + 12 + self.chance.exponential(22, len(lost)), title=reasons)

    def _purchase(self) -> None:
        who, at, until = self._who(3)
        price = np.round(np.exp(self.chance.normal(np.log(152_000), 0.64, len(who))), -3)
        self._add("agreed", who, at, value=price)
        room = np.where(self.depth[who] > 4, until - at, np.minimum(until - at, self.chance.lognormal(np.log(16), 0.5, len(who))))
        self._add("contract", who, at + room * 0.12)
        self._add("signed", who, at + room * 0.86)
        graded = np.where(self.chance.random(len(who)) < 0.6, self._answers(1, 7, 5.6, 1.0, len(who)), np.nan)
        self._add("paid", who, at + room * 0.93, score=graded, value=price)
        self._several("letter", who, at, at + room, 0.8, 6)
        stuck = self.depth[who] == 4
        day = at[stuck] + room[stuck] * 0.93 + 12 + self.chance.exponential(8, stuck.sum())
        reasons = self.chance.choice(len(CHURN_REASONS), size=len(day), p=[share for _text, share in CHURN_REASONS])
        self._add("stalled", who[stuck], day, title=reasons)

    def _onboarding(self) -> None:
        who, at, until = self._who(4)
        self._add("setup", who, at)
        read, day, end = self._some(0.71, who, at, until)
        self._add("welcome", read, self._between(day, end, 0.6))
        for lesson, share in enumerate((0.85, 0.6, 0.42)):
            some, day, end = self._some(share, who, at, until)
            graded = np.where(self.chance.random(len(some)) < 0.62, self._answers(1, 5, 2.3, 1.0, len(some)), np.nan)
            self._add("lesson", some, self._between(day, end, 3.0 + 2 * lesson), score=graded, title=lesson)
        times = self.chance.poisson(1.3, size=len(who))
        many = np.repeat(np.arange(len(who)), times)
        graded = np.where(self.chance.random(len(many)) < 0.5, self._answers(1, 5, 4.6, 0.6, len(many)), np.nan)
        self._add("ticket", who[many], self._between(at[many], until[many], 8), score=graded)
        won, day, end = (column[self.depth[who] > 5] for column in (who, at, until))
        self._add("first_deal", won, day + (end - day) * 0.8)
        given_up = self.depth[who] == 5
        left, day = who[given_up], at[given_up] + 30 + self.chance.exponential(15, given_up.sum())
        reasons = self.chance.choice(len(CHURN_REASONS), size=len(left), p=[share for _text, share in CHURN_REASONS])
        self._add("churn", left, day, title=reasons)

    def _loyalty(self) -> None:
        who, at, until = self._who(5)
        end = np.full(len(who), float(DAYS))
        self._add("team", who, at)
        self._several("used", who, at, end, 9.0, 40)
        self._several("news", who, at, end, 2.2, 40)
        some, day = self._some(0.85, who, at)
        self._add("nps", some, day + 30 - self.chance.uniform(0, 4, len(some)), score=self._nps(len(some)))
        helped, day, last = self._some(0.4, who, at, end)
        self._add("ticket", helped, self._between(day, last, 30), score=self._answers(1, 5, 4.5, 0.7, len(helped)))
        fans, first, _until = self._who(6)
        self._mixed(("review", "referral"), (60, 40), fans, first)
        self._several("referral", fans, first, np.full(len(fans), float(DAYS)), 0.5, 20)

    def _nps(self, count: int) -> Floats:
        """54 % promoters, 26 % passives, 20 % detractors: NPS 34."""
        shares = np.array([0.02, 0.02, 0.03, 0.03, 0.03, 0.03, 0.04, 0.11, 0.15, 0.3, 0.24])
        return self.chance.choice(11, size=count, p=shares / shares.sum()).astype(np.float64)
