"""Every lane, and every way to measure, is explained in two sentences and one example, in both languages."""

import re

import pytest

from journeys.models import Lane, Metric
from workspaces import explanations

WORDS = [("lane", word) for word in Lane.Kind.values]
WORDS += [("metric", word) for word in (*Metric.Query.values, *Metric.Type.values)]


@pytest.mark.parametrize(("kind", "word"), WORDS)
def test_it_is_explained(kind: str, word: str) -> None:
    found = explanations.find(kind, word)
    assert found is not None
    for language, letters in (("ru", "[а-яё]"), ("en", "[a-z]")):
        text, example = found.text(language), found.example(language)
        assert len(re.findall(r"[.!?](?=\s|$)", text)) == 2, text
        assert re.search(letters, text) and example
    assert not re.search("[а-яё]", found.en + found.en_example)
