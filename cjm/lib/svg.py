"""Paths for charts that the server draws: a curve that never overshoots its points, broken lines, bands."""

from collections.abc import Sequence

Point = tuple[float, float]


def curve(points: Sequence[Point]) -> str:
    """A monotone cubic through the points (Fritsch and Carlson 1980) as SVG path data; x must grow."""
    if len(points) < 2:
        return "".join(f"M{x:.1f} {y:.1f}" for x, y in points)
    slopes = _tangents(points)
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for index, ((x, y), (next_x, next_y)) in enumerate(zip(points, points[1:], strict=False)):
        third = (next_x - x) / 3
        parts.append(
            f"C{x + third:.1f} {y + slopes[index] * third:.1f} "
            f"{next_x - third:.1f} {next_y - slopes[index + 1] * third:.1f} {next_x:.1f} {next_y:.1f}"
        )
    return "".join(parts)


def line(points: Sequence[Point]) -> str:
    """Straight pieces through the points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def band(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """The closed area between two lines over the same x."""
    return line([*upper, *reversed(lower)]) + "Z" if upper and lower else ""


def _tangents(points: Sequence[Point]) -> list[float]:
    rises = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(points, points[1:], strict=False)]
    middle = [0.0 if a * b <= 0 else (a + b) / 2 for a, b in zip(rises, rises[1:], strict=False)]
    slopes = [rises[0], *middle, rises[-1]]
    for index, rise in enumerate(rises):
        if rise == 0:
            slopes[index] = slopes[index + 1] = 0.0
            continue
        left, right = slopes[index] / rise, slopes[index + 1] / rise
        length = (left * left + right * right) ** 0.5
        if length > 3:
            slopes[index], slopes[index + 1] = 3 * left * rise / length, 3 * right * rise / length
    return slopes
