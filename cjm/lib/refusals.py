"""What the product says when a rule says no."""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """A clear no for the person who asked: `code` for machines, `text` for people, `errors` per field."""

    def __init__(
        self,
        code: str,
        text: Any,
        *,
        status: int = 400,
        errors: Mapping[str, Sequence[Any]] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.status = status
        self.errors = errors
        self.data = data or {}


class Conflict(Refusal):
    """The row changed since the writer saw it; `current` holds what stands there now."""

    def __init__(self, code: str, text: Any, *, current: Mapping[str, Any], status: int = 409) -> None:
        super().__init__(code, text, status=status, data={"current": current})
        self.current = current


class NotFound(Refusal):
    """Missing and foreign are the same answer."""

    def __init__(self, text: Any) -> None:
        super().__init__("not_found", text, status=404)


class Forbidden(Refusal):
    """A known object without the right to it."""

    def __init__(self, text: Any, *, code: str = "forbidden") -> None:
        super().__init__(code, text, status=403)
