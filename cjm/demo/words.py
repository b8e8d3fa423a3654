"""Texts that stand in both languages: a pair of texts is resolved to the one that is asked for. Pure."""

from typing import Any


def told(value: Any, language: str) -> Any:
    """The value with each pair (Russian, English) in it replaced by the text of the language."""
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, str) for part in value):
        return value[0] if language == "ru" else value[1]
    if isinstance(value, dict):
        return {name: told(part, language) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [told(part, language) for part in value]
    return value
