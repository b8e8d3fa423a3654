"""Many rows in one statement, the same on every database: `INSERT … ON CONFLICT DO NOTHING RETURNING …`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, models

from workspaces.tenancy import TenantModel

_MOST_PARAMETERS = 30_000


def insert_rows(
    model: type[TenantModel], names: Sequence[str], rows: Iterable[Sequence[Any]], *, returning: Sequence[str] = ("id",)
) -> list[tuple[Any, ...]]:
    """Inserts rows in their order and gives back what was really inserted; rows that break a unique key are left out."""
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}"' for field in fields)  # type: ignore[union-attr]
    back = ", ".join(f'"{name}"' for name in returning)
    line = "(" + ", ".join(["%s"] * len(names)) + ")"
    size = _MOST_PARAMETERS // len(names)
    inserted: list[tuple[Any, ...]] = []
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(waiting, size)):
            cursor.execute(
                f'insert into "{model._meta.db_table}" ({columns}) values '
                + ", ".join([line] * len(chunk))
                + f" on conflict do nothing returning {back}",
                [plain(value) for row in chunk for value in row],
            )
            inserted += cursor.fetchall()
    return inserted


def update_rows(model: type[TenantModel], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Sets the named columns, row by row but in one round trip; each row is its values and then its id."""
    columns = ", ".join(f'"{model._meta.get_field(name).column}" = %s' for name in names)  # type: ignore[union-attr]
    values = [[plain(value) for value in row] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f'update "{model._meta.db_table}" set {columns} where "id" = %s', values)


@dataclass(frozen=True)
class Json:
    """A value of a JSON column that may be text or a number itself."""

    value: Any


_AS_IT_IS = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """A value as the database driver takes it. Called for every cell of an import, so the common types go first."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Json):
        return msgspec.json.encode(value.value).decode()
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    if _is_sqlite():
        return _for_sqlite(value)
    return value


@cache
def _is_sqlite() -> bool:
    """One process speaks to one kind of database."""
    return connection.vendor == "sqlite"


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return str(value) if isinstance(value, Decimal | str) else value


def for_update(queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Locks the rows in the order of their keys, as everybody does who locks customers."""
    return queryset.select_for_update().order_by("pk")
