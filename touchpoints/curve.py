"""The emotion curve as geometry: a monotone cubic (Fritsch and Carlson 1980) that never overshoots what people said.

Pure: percentages and path strings come out, words go in. The canvas is WIDTH × HEIGHT units, valence 0 lies at ZERO.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 1000.0
HEIGHT = 200.0
ZERO = 92.0
UNIT = 38.0  # canvas units of one step of valence
DIP = -1.1
_SIGN_SHARE = 0.57  # a sign's width in per cent of a canvas of usual width

_SAMPLES = 80  # corners of the area between two curves

XY = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """One emotion point: its stage's number, its value and its words."""

    key: str
    stage: int
    valence: float
    label: str = ""


@dataclass
class Placed:
    """A point on the canvas; `x` and `y` are per cent of width and height."""

    spot: Spot
    x: float
    y: float

    @property
    def tone(self) -> str:
        return tone(self.spot.valence)


@dataclass
class Label:
    text: str
    stage: int
    x: float
    y: float


@dataclass
class Dip:
    """Neighbouring low points under one flag."""

    x: float
    width: float
    words: list[str]
    lowest: float


@dataclass
class Curve:
    points: list[Placed] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    dips: list[Dip] = field(default_factory=list)
    line: str = ""
    fill: str = ""


@dataclass
class Measured:
    """The second line, of measured scores; `gap` is the area between it and what people say."""

    points: list[Placed] = field(default_factory=list)
    line: str = ""
    gap: str = ""


def draw(spots: Sequence[Spot], stages: int) -> Curve:
    """The whole drawing of one series; spots come in the order of the map."""
    points = _place(spots, stages)
    if not points:
        return Curve()
    xy = [(point.x / 100 * WIDTH, height_of(point.spot.valence)) for point in points]
    line = path(xy)
    fill = f"{line}L{xy[-1][0]:.1f} {ZERO:.0f}L{xy[0][0]:.1f} {ZERO:.0f}Z" if len(xy) > 1 else ""
    return Curve(points, _labels(points), _dips(points), line, fill)


def measure(spots: Sequence[Spot], stages: int, *, beside: dict[str, float], told: Curve) -> Measured:
    """The measured line. `beside` gives the x, in per cent, of the told point that a spot is a measure of."""
    points = [Placed(point.spot, beside.get(point.spot.key, point.x), point.y) for point in _place(spots, stages)]
    points = sorted({point.x: point for point in points}.values(), key=lambda point: point.x)
    if not points:
        return Measured()
    mine = [(point.x / 100 * WIDTH, height_of(point.spot.valence)) for point in points]
    theirs = [(point.x / 100 * WIDTH, height_of(point.spot.valence)) for point in told.points]
    return Measured(points, path(mine), _between(mine, theirs))


def tone(valence: float) -> str:
    """The class of a value's colour."""
    for limit, name in ((-1.1, "v-neg2"), (-0.3, "v-neg1")):
        if valence <= limit:
            return name
    if valence < 0.3:
        return "v-zero"
    return "v-pos1" if valence < 1.2 else "v-pos2"


def height_of(valence: float) -> float:
    """Where a valence lies on the canvas, in units from the top."""
    return ZERO - valence * UNIT


def path(points: Sequence[XY]) -> str:
    """An SVG path through the points, x ascending; between two neighbours it stays between their values."""
    if not points:
        return ""
    start = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    slopes = _slopes(points)
    pieces = [start]
    for index in range(len(points) - 1):
        (x0, y0), (x1, y1) = points[index], points[index + 1]
        third = (x1 - x0) / 3
        pieces.append(
            f"C{x0 + third:.1f} {y0 + slopes[index] * third:.1f}"
            f" {x1 - third:.1f} {y1 - slopes[index + 1] * third:.1f} {x1:.1f} {y1:.1f}"
        )
    return "".join(pieces)


def _between(one: Sequence[XY], other: Sequence[XY]) -> str:
    """The area between two curves where both are drawn."""
    if len(one) < 2 or len(other) < 2:
        return ""
    start, end = max(one[0][0], other[0][0]), min(one[-1][0], other[-1][0])
    if start >= end:
        return ""
    steps = [start + (end - start) * index / _SAMPLES for index in range(_SAMPLES + 1)]
    there = [f"{x:.1f} {_height_at(one, x):.1f}" for x in steps]
    back = [f"{x:.1f} {_height_at(other, x):.1f}" for x in reversed(steps)]
    return f"M{'L'.join(there + back)}Z"


def _height_at(points: Sequence[XY], x: float) -> float:
    """The cubic's height at x (Hermite form of the same curve as `path`)."""
    slopes = _slopes(points)
    index = max(0, min(len(points) - 2, sum(1 for point in points if point[0] <= x) - 1))
    (x0, y0), (x1, y1) = points[index], points[index + 1]
    width = x1 - x0
    t = (x - x0) / width
    rise = (2 * t**3 - 3 * t**2 + 1) * y0 + (3 * t**2 - 2 * t**3) * y1
    return rise + width * ((t**3 - 2 * t**2 + t) * slopes[index] + (t**3 - t**2) * slopes[index + 1])


def _slopes(points: Sequence[XY]) -> list[float]:
    if len(points) < 2:
        return [0.0]
    secants = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False)]
    inner = [0.0 if left * right <= 0 else (left + right) / 2 for left, right in zip(secants, secants[1:], strict=False)]
    slopes = [secants[0], *inner, secants[-1]]
    for index, secant in enumerate(secants):
        if secant == 0:
            slopes[index] = slopes[index + 1] = 0.0
            continue
        left, right = slopes[index] / secant, slopes[index + 1] / secant
        length = left * left + right * right
        if length > 9:  # outside the circle of radius 3 the cubic would overshoot
            shrink = 3 / length**0.5
            slopes[index], slopes[index + 1] = shrink * left * secant, shrink * right * secant
    return slopes


def _place(spots: Sequence[Spot], stages: int) -> list[Placed]:
    counts: dict[int, int] = {}
    for spot in spots:
        counts[spot.stage] = counts.get(spot.stage, 0) + 1
    seen: dict[int, int] = {}
    placed = []
    for spot in spots:
        index = seen.get(spot.stage, 0)
        seen[spot.stage] = index + 1
        x = (spot.stage + (index + 0.5) / counts[spot.stage]) / max(stages, 1) * 100
        placed.append(Placed(spot, round(x, 2), round(height_of(spot.valence) / HEIGHT * 100, 2)))
    return placed


def _labels(points: Sequence[Placed]) -> list[Label]:
    labels = []
    for point in points:
        if point.spot.label and point.spot.valence > DIP:
            y = max(1.0, height_of(point.spot.valence) + (9 if point.spot.valence < 0 else -26)) / HEIGHT * 100
            labels.append(Label(point.spot.label, point.spot.stage, point.x, round(y, 2)))
    for left, right in zip(labels, labels[1:], strict=False):
        _spread(left, right)
    for label in labels:
        half = len(label.text) * _SIGN_SHARE / 2
        label.x = round(min(max(label.x, half), 100 - half), 2)
    return labels


def _spread(left: Label, right: Label) -> None:
    overlap = (len(left.text) + len(right.text)) * _SIGN_SHARE / 2 + 0.5 - (right.x - left.x)
    if overlap > 0 and abs(left.y - right.y) < 9:
        left.x, right.x = round(left.x - overlap * 0.25, 2), round(right.x + overlap * 0.75, 2)


def _dips(points: Sequence[Placed]) -> list[Dip]:
    groups: list[list[Placed]] = []
    for point in points:
        if point.spot.valence > DIP:
            continue
        if groups and point.x - groups[-1][-1].x < 9:
            groups[-1].append(point)
        else:
            groups.append([point])
    return [_dip(group) for group in groups]


def _dip(group: Sequence[Placed]) -> Dip:
    words = [point.spot.label for point in group if point.spot.label]
    centre = sum(point.x for point in group) / len(group)
    width = 9 + group[-1].x - group[0].x
    return Dip(round(centre, 2), round(width, 2), words, min(point.spot.valence for point in group))
