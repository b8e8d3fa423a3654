"""Tables in files: reading CSV of unknown make, gzipped or not, and writing CSV that no spreadsheet will run."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

GZIP = b"\x1f\x8b"
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods, xls
DELIMITERS = (",", ";", "\t")
MAX_COLUMNS = 200
MAX_CELL = 1_000_000
_PROBE = 256 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Exception):
    """The file is no table; `name` is the column or the line at fault.

    `code` is empty, spreadsheet, not_text, too_large, too_wide, no_header, twice, broken_gzip or broken_csv.
    """

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.name = name


@dataclass(frozen=True, slots=True)
class Make:
    """How a file is written."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]


def find_make(path: Path) -> Make:
    """Encoding, delimiter and header from the file's beginning; raises Unreadable."""
    head = _head(path)
    if not head.strip():
        raise Unreadable("empty")
    if head.startswith(SPREADSHEETS):
        raise Unreadable("spreadsheet")
    encoding = _encoding(head)
    text = head.decode(encoding, errors="ignore").lstrip("\r\n")
    if "\x00" in text or not text.strip():
        raise Unreadable("not_text" if text.strip() else "empty")
    delimiter = max(DELIMITERS, key=text.splitlines()[0].count)
    columns = tuple(name.strip() for name in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    _check_columns(columns)
    return Make(encoding, delimiter, columns)


def read_rows(path: Path, make: Make, *, max_bytes: int) -> Iterator[list[str]]:
    """The rows below the header, each as wide as it; blank lines are left out. Raises Unreadable past `max_bytes` of text."""
    with _opened(path) as file:
        text = io.TextIOWrapper(
            io.BufferedReader(_Bounded(file, max_bytes)), encoding=make.encoding, errors="replace", newline=""
        )
        csv.field_size_limit(MAX_CELL)
        reader = csv.reader(text, delimiter=make.delimiter)
        width = len(make.columns)
        try:
            for index, row in enumerate(row for row in reader if any(cell.strip() for cell in row)):
                if index:
                    yield (row + [""] * (width - len(row)))[:width]
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise Unreadable("broken_gzip") from error
        except csv.Error as error:
            raise Unreadable("broken_csv", str(reader.line_num)) from error


def write_rows(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV lines for a spreadsheet: with a byte order mark, and with cells that begin like a formula defused."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    yield "\ufeff"
    for row in rows:
        writer.writerow([defuse(cell) for cell in row])
        yield sheet.getvalue()
        sheet.seek(0)
        sheet.truncate()


def defuse(cell: Any) -> str:
    """The cell as text; an apostrophe in front where a spreadsheet would take it for a formula."""
    text = "" if cell is None else str(cell)
    is_number = isinstance(cell, int | float)
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == GZIP
        raw.seek(0)
        if is_gzip:
            with gzip.open(raw, "rb") as unpacked:
                yield unpacked  # type: ignore[misc]
        else:
            yield raw


def _head(path: Path) -> bytes:
    try:
        with _opened(path) as file:
            return file.read(_PROBE)
    except (OSError, zlib.error, EOFError) as error:
        raise Unreadable("broken_gzip") from error


def _encoding(head: bytes) -> str:
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "cp1251"
    return "utf-8"


def _check_columns(columns: Sequence[str]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise Unreadable("too_wide")
    if not any(columns):
        raise Unreadable("no_header")
    for name in columns:
        if name and columns.count(name) > 1:
            raise Unreadable("twice", name)


class _Bounded(io.RawIOBase):
    """Hands on at most so many bytes, so that a small archive cannot unpack without end."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self.file = file
        self.left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self.file.read(len(buffer))
        self.left -= len(piece)
        if self.left < 0:
            raise Unreadable("too_large")
        buffer[: len(piece)] = piece
        return len(piece)
