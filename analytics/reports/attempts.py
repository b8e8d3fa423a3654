"""Funnel attempts over sorted arrays: every customer's events are folded at once, without a Python loop over events.

Rows stand in the order (customer, time, arrival); an attempt is a row of an integer table `filled[attempt, step]` that holds
the row which filled the step, or `events.size` where the step was not reached. Cost is linear in events and steps.
Pure numpy: no Django, no store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows forbidden strictly between two steps (numbers from 0)."""

    rows: Bools
    from_step: int
    to_step: int


class Events:
    """Sorted rows: `group` numbers the customers from 0, `at` is in microseconds. One sentinel row stands at the end."""

    def __init__(self, group: Ints, at: Ints) -> None:
        size = self.size = len(at)
        self.group = np.append(group, -1)
        self.at = np.append(at, FAR)
        is_new_group = np.ones(size + 1, dtype=bool)
        is_new_group[1:] = self.group[1:] != self.group[:-1]
        is_new_tie = is_new_group.copy()
        is_new_tie[1:] |= self.at[1:] != self.at[:-1]
        self.tie_start = _starts(is_new_tie)
        self.next_tie = _ends(is_new_tie)
        self.group_end = _ends(is_new_group)

    def finder(self, mask: Bools) -> "Finder":
        return Finder(mask, self.size)


class Finder:
    """Rows of a mask: the first one at or after a given row in constant time."""

    def __init__(self, mask: Bools, size: int) -> None:
        self.before = np.concatenate(([0], np.cumsum(mask, dtype=np.int64)))
        self.rows = np.append(np.flatnonzero(mask), size)

    def place(self, row: Ints) -> Ints:
        return self.before[row]

    def row(self, place: Ints) -> Ints:
        return self.rows[np.minimum(place, len(self.rows) - 1)]


@dataclass(slots=True)
class Attempts:
    """Attempts by start, in row order: which row filled each step, how many steps were filled, whether it was spoiled."""

    start: Ints
    filled: Ints
    depth: Ints
    spoiled: Bools


def run(
    events: Events, masks: Sequence[Bools], *, mode: str, window: int, in_range: Bools, exclusions: Sequence[Exclusion] = ()
) -> Attempts:
    """All attempts. `masks[n]` are the rows that fit step n, `in_range` the rows that may begin one; window in microseconds."""
    if mode == "unordered":
        begun = np.flatnonzero(np.logical_or.reduce(masks) & in_range)
        filled = _unordered(events, masks, begun, window)
    elif mode == "reached":
        at_least = [np.logical_or.reduce(masks[step:]) for step in range(len(masks))]
        begun = np.flatnonzero(at_least[0] & in_range)
        filled = _first_of_each(events, at_least, begun, window)
    else:
        begun = np.flatnonzero(masks[0] & in_range)
        filled = _ordered(events, masks, begun, window, is_strict=mode == "strict")
    depth = (filled < events.size).sum(axis=1)
    spoiled = _spoiled(events, begun, filled, window, exclusions)
    if mode == "unordered":
        filled[spoiled, 1:] = events.size
        return Attempts(begun, filled, np.where(spoiled, 1, depth), spoiled)
    return Attempts(begun[~spoiled], filled[~spoiled], depth[~spoiled], spoiled[~spoiled])


def _ordered(events: Events, masks: Sequence[Bools], begun: Ints, window: int, *, is_strict: bool) -> Ints:
    filled = np.full((len(begun), len(masks)), events.size, dtype=np.int64)
    filled[:, 0] = begun
    alive = np.arange(len(begun))
    deadline, end = events.at[begun] + window, events.group_end[begun]
    for step in range(1, len(masks)):
        current = filled[alive, step - 1]
        finder = events.finder(masks[step])
        place = finder.place(events.tie_start[current])
        row = finder.row(place)
        if any(bool((masks[step] & masks[other]).any()) for other in range(step)):
            row = _unused(finder, place, filled[alive, :step])
        good = (row < end[alive]) & (events.at[row] <= deadline[alive])
        if is_strict:
            tie = events.tie_start[row]
            good &= (tie == events.tie_start[current]) | (tie == events.next_tie[current])
        alive = alive[good]
        filled[alive, step] = row[good]
    return filled


def _unused(finder: Finder, place: Ints, used: Ints) -> Ints:
    """The first row from `place` on that the attempt has not used yet: one event fills one step only."""
    row = finder.row(place)
    taken = np.flatnonzero((used == row[:, None]).any(axis=1))
    while len(taken):
        place[taken] += 1
        row[taken] = finder.row(place[taken])
        taken = taken[(used[taken] == row[taken, None]).any(axis=1)]
    return row


def _first_of_each(events: Events, masks: Sequence[Bools], begun: Ints, window: int, offsets: Sequence[int] = ()) -> Ints:
    """For each step its first row from the attempt's instant on, inside the window."""
    filled = np.full((len(begun), len(masks)), events.size, dtype=np.int64)
    deadline, end, first = events.at[begun] + window, events.group_end[begun], events.tie_start[begun]
    for step, mask in enumerate(masks):
        finder = events.finder(mask)
        row = finder.row(finder.place(first) + (offsets[step] if offsets else 0))
        good = (row < end) & (events.at[row] <= deadline)
        filled[good, step] = row[good]
    return filled


def _unordered(events: Events, masks: Sequence[Bools], begun: Ints, window: int) -> Ints:
    """Row n = the n-th step done, whichever it was. Steps with the very same rows take the first, second, … of them."""
    offsets, is_plain = [], True
    for step, mask in enumerate(masks):
        same = [bool(np.array_equal(mask, other)) for other in masks[:step]]
        offsets.append(sum(same))
        is_plain &= not any((mask & other).any() for other, twin in zip(masks[:step], same, strict=True) if not twin)
    if is_plain:
        return np.sort(_first_of_each(events, masks, begun, window, offsets), axis=1)
    return _matched(events, masks, begun, window)


def _matched(events: Events, masks: Sequence[Bools], begun: Ints, window: int) -> Ints:
    """Steps that share some events: as many different steps as events can fill (bipartite matching, event by event)."""
    filled = np.full((len(begun), len(masks)), events.size, dtype=np.int64)
    fits = np.stack(masks, axis=1)
    for number, start in enumerate(begun):
        owner: dict[int, int] = {}  # step -> row
        deadline, done = events.at[start] + window, 0
        for row in range(events.tie_start[start], events.group_end[start]):
            if events.at[row] > deadline or done == len(masks):
                break
            if fits[row].any() and _augment(row, fits, owner, set()):
                filled[number, done] = row
                done += 1
    return filled


def _augment(row: int, fits: Bools, owner: dict[int, int], seen: set[int]) -> bool:
    for step in np.flatnonzero(fits[row]).tolist():
        if step not in seen:
            seen.add(step)
            if step not in owner or _augment(owner[step], fits, owner, seen):
                owner[step] = row
                return True
    return False


def _spoiled(events: Events, begun: Ints, filled: Ints, window: int, exclusions: Sequence[Exclusion]) -> Bools:
    """Attempts with a forbidden row strictly between the two steps; up to the window's end where the second is missing."""
    out = np.zeros(len(begun), dtype=bool)
    deadline, end = events.at[begun] + window, events.group_end[begun]
    for exclusion in exclusions:
        low, high = filled[:, exclusion.from_step], filled[:, exclusion.to_step]
        finder = events.finder(exclusion.rows)
        row = finder.row(finder.place(events.next_tie[low]))
        is_reached = high < events.size
        is_between = np.where(is_reached, events.at[row] < events.at[high], events.at[row] <= deadline)
        out |= (low < events.size) & (row < end) & is_between
    return out


def _starts(is_new: Bools) -> Ints:
    """For each row the first row of its run."""
    return np.maximum.accumulate(np.where(is_new, np.arange(len(is_new)), 0))


def _ends(is_new: Bools) -> Ints:
    """For each row the first row after its run."""
    first = np.append(np.flatnonzero(is_new), len(is_new))
    ends: Ints = np.minimum(first[np.cumsum(is_new)], len(is_new) - 1)
    return ends


# ------------------------------------------------------------------------------------------------ per customer


@dataclass(slots=True)
class Best:
    """One row per customer that entered: its group, greatest depth, and the rows of the earliest attempt of that depth."""

    group: Ints
    depth: Ints
    filled: Ints
    is_open: Bools


def best(events: Events, attempts: Attempts, *, window: int, now: int) -> Best:
    """The attempt that counts for each customer; `is_open` says that any attempt's window has not ended by now."""
    group = events.group[attempts.start]
    if not len(group):
        return Best(group, attempts.depth, attempts.filled, np.zeros(0, dtype=bool))
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    number = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(group))))
    depth = np.maximum.reduceat(attempts.depth, first)
    is_best = np.flatnonzero(attempts.depth == depth[number])
    chosen = is_best[np.append(True, number[is_best][1:] != number[is_best][:-1])]
    last_start = np.maximum.reduceat(events.at[attempts.start], first)
    return Best(group[first], depth, attempts.filled[chosen], now <= last_start + window)
