"""The funnel's definitions read aloud: slow, event by event, so that the product can be held against it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    customer: str
    at: float
    arrival: int
    event: str
    value: str | None = None


def fits(step: dict[str, Any], event: Event) -> bool:
    return step["event"] is None or step["event"] == event.event


def attempts_of(events: list[Event], question: dict[str, Any], low: float, high: float) -> list[tuple[float, list[float], bool]]:
    """(start, times of the steps filled, spoiled) of every attempt of one customer, in order."""
    steps, mode = question["steps"], question["mode"]
    events = sorted(events, key=lambda e: (e.at, e.arrival))
    begins = {
        "ordered": lambda e: fits_step(question, events, 0, e),
        "strict": lambda e: fits_step(question, events, 0, e),
    }.get(mode, lambda e: any(fits_step(question, events, n, e) for n in range(len(steps))))
    found = []
    for start in events:
        if low <= start.at <= high and begins(start):
            limit = start.at + question["window_seconds"]
            later = [e for e in events if start.at <= e.at <= limit]
            times = {"ordered": ordered, "strict": strict, "unordered": unordered, "reached": reached}[mode](
                question, events, start, later
            )
            found.append((start.at, times, is_spoiled(question, events, times, limit)))
    return found


def fits_step(question: dict[str, Any], events: list[Event], number: int, event: Event) -> bool:
    step = question["steps"][number]
    if not fits(step, event):
        return False
    return not step.get("first_time_ever") or next(e for e in events if fits(step, e)) == event


def ordered(question: dict[str, Any], events: list[Event], start: Event, later: list[Event]) -> list[float]:
    used, times = [start], [start.at]
    for number in range(1, len(question["steps"])):
        fitting = [e for e in later if e.at >= times[-1] and e not in used and fits_step(question, events, number, e)]
        if not fitting:
            break
        used.append(fitting[0])
        times.append(fitting[0].at)
    return times


def strict(question: dict[str, Any], events: list[Event], start: Event, later: list[Event]) -> list[float]:
    used, times = [start], [start.at]
    for number in range(1, len(question["steps"])):
        fitting = [e for e in later if e.at >= times[-1] and e not in used and fits_step(question, events, number, e)]
        if not fitting or any(times[-1] < e.at < fitting[0].at for e in events):
            break
        used.append(fitting[0])
        times.append(fitting[0].at)
    return times


def unordered(question: dict[str, Any], events: list[Event], start: Event, later: list[Event]) -> list[float]:
    """Times at which one more different step can be called done, each event filling one step."""
    times: list[float] = []
    for count in range(1, len(later) + 1):
        if most_steps(question, events, later[:count]) > len(times):
            times.append(later[count - 1].at)
    return times


def most_steps(question: dict[str, Any], events: list[Event], some: list[Event]) -> int:
    possible = {frozenset[int]()}
    for event in some:
        possible |= {
            done | {number}
            for done in possible
            for number in range(len(question["steps"]))
            if number not in done and fits_step(question, events, number, event)
        }
    return max(len(done) for done in possible)


def reached(question: dict[str, Any], events: list[Event], start: Event, later: list[Event]) -> list[float]:
    times = []
    for number in range(len(question["steps"])):
        far = [e for e in later if any(fits_step(question, events, n, e) for n in range(number, len(question["steps"])))]
        if not far:
            break
        times.append(far[0].at)
    return times


def is_spoiled(question: dict[str, Any], events: list[Event], times: list[float], limit: float) -> bool:
    for item in question.get("exclusions", []):
        if item["from_step"] < len(times):
            low = times[item["from_step"]]
            for event in events:
                if fits(item, event) and event.at > low:
                    if item["to_step"] < len(times) and event.at < times[item["to_step"]]:
                        return True
                    if item["to_step"] >= len(times) and event.at <= limit:
                        return True
    return False


def funnel(events: list[Event], question: dict[str, Any], *, low: float, high: float, now: float) -> dict[str, Any]:
    """{customer: (depth, times, is open)} and the counts."""
    out: dict[str, tuple[int, list[float], bool]] = {}
    for name in {event.customer for event in events}:
        tries = attempts_of([e for e in events if e.customer == name], question, low, high)
        if question["mode"] == "unordered":
            tries = [(start, times[:1] if spoiled else times, False) for start, times, spoiled in tries]
        tries = [item for item in tries if not item[2]]
        if tries:
            best = max(tries, key=lambda item: len(item[1]))  # the earliest of the longest
            is_open = any(now <= start + question["window_seconds"] for start, _times, _spoiled in tries)
            out[name] = (len(best[1]), best[1], is_open)
    return out
