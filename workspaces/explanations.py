"""What each lane, metric and report is, in two sentences and one example, in both languages.

An app keeps its texts in `<app>/explanations.py` and hands them in when it starts; pages show them by `{% explain kind word %}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """Two sentences and an example of each language; `en_example` and `ru_example` stand apart so that pages can set them off."""

    ru: str
    ru_example: str
    en: str
    en_example: str

    def text(self, language: str) -> str:
        return self.ru if language == "ru" else self.en

    def example(self, language: str) -> str:
        return self.ru_example if language == "ru" else self.en_example


_register: dict[str, dict[str, Explanation]] = {}


def install(kind: str, texts: Mapping[str, Explanation]) -> None:
    """Adds the texts of a kind ("lane", "metric", "report"); safe to repeat."""
    _register.setdefault(kind, {}).update(texts)


def find(kind: str, word: str) -> Explanation | None:
    return _register.get(kind, {}).get(word)
