"""A map as a file: the lossless document, or a sheet of lanes by stages for a spreadsheet."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cjm.lib import tables
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap

from . import emotions, exchange
from .board import Board, Row
from .models import EmotionPoint

FORMATS = ("json", "csv")


def answer(map: JourneyMap, format: str) -> HttpResponse:
    """The file as an attachment; Refusal("unknown_format") for what is not offered."""
    if format == "json":
        response: HttpResponse = JsonResponse(exchange.export_map(map), json_dumps_params={"ensure_ascii": False})
    elif format == "csv":
        response = HttpResponse("".join(tables.write_rows(rows_of(map))), content_type="text/csv; charset=utf-8")
    else:
        text = _("A map is exported as: %(formats)s.") % {"formats": ", ".join(FORMATS)}
        raise Refusal("unknown_format", text, errors={"format": [text]})
    name = slugify(map.title) or "map"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


def rows_of(map: JourneyMap) -> list[list[str]]:
    """A header of stages, then a row for each shown lane; several things in a cell stand on lines of their own."""
    board = Board.load(map)
    header = [_("Lane"), *(stage.name for stage in board.stages)]
    return [header, *([str(row.lane), *_cells(board, row)] for row in board.rows)]


def _cells(board: Board, row: Row) -> list[str]:
    if row.form == "curve":
        return ["\n".join(_felt(point) for point in board.emotions if point.stage_id == stage.pk) for stage in board.stages]
    return ["\n".join(_words(row.form, item) for item in cell.items) for cell in row.cells]


def _felt(point: EmotionPoint) -> str:
    names = emotions.names_of(point.labels)
    return f"{names} ({point.valence:+})" if names else f"({point.valence:+})"


def _words(form: str, item: Any) -> str:
    if form == "placements":
        return f"{item.touchpoint.name} ({item.owner})" if item.owner else str(item.touchpoint.name)
    if form == "hypotheses":
        return f"{item.statement} ({item.get_status_display()})"
    return str(getattr(item, _MAIN.get(form, "text"), item))


_MAIN = {"pains": "title", "opportunities": "how_might_we"}
