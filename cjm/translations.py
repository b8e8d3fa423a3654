"""Compiles the translations where they are newer than what stands beside them; needs no gettext."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale() -> None:
    for source in LOCALE.glob("*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(f".{id(source)}.tmp")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
