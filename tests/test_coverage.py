"""docs/coverage.md names only what is there: every row is read, every route has a door, every test stands in its file."""

import ast
import re
from functools import cache
from pathlib import Path

from django.urls import get_resolver

from cjm.urls import DOORS

ROOT = Path(__file__).resolve().parent.parent
LINES = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs/coverage.md").read_text().splitlines()
    if re.match(r"\|\s*\d", line)
]


@cache
def names_in(file: str) -> set[str]:
    """The names of the test functions in a file."""
    return {node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.FunctionDef)}


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_line_has_row_words_route_and_test():
    assert len(LINES) > 30
    assert all(len(line) == 4 and line[1] and named(line[2]) and named(line[3]) for line in LINES)
    rows = [int(number) for line in LINES for number in line[0].split(",")]
    assert len(rows) == len(set(rows)), "a row is listed twice"
    assert all(1 <= row <= 140 for row in rows)


def test_every_route_is_there():
    routes = {route for line in LINES for route in named(line[2])}
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for space, (_prefix, resolver) in get_resolver().namespace_dict.items():
        names |= {f"{space}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    assert not routes - (set(DOORS) & names), sorted(routes - (set(DOORS) & names))


def test_every_test_is_there():
    for line in LINES:
        for test in named(line[3]):
            file, _colons, name = test.partition("::")
            assert (ROOT / file).is_file(), f"{file} is gone (row {line[0]})"
            assert name.startswith("test_") and name in names_in(file), f"{test} is gone (row {line[0]})"
