"""Compiles the translations into the data folder where they are newer than what lies there; needs no gettext."""

import os
from pathlib import Path

import polib
from django.conf import settings

SOURCES = Path(__file__).resolve().parent.parent / "locale"


def compile_stale() -> None:
    for source in SOURCES.glob("*/LC_MESSAGES/django.po"):
        target = Path(settings.LOCALE_PATHS[0], *source.relative_to(SOURCES).with_suffix(".mo").parts)
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
