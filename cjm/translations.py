"""Compiles the translations into the data folder where they are newer than what lies there; needs no gettext."""

import gettext
import os
from pathlib import Path

import polib
from asgiref.local import Local
from django.conf import settings
from django.utils.translation import trans_real

SOURCES = Path(__file__).resolve().parent.parent / "locale"


def compile_stale() -> None:
    """What loading the models has read already is read anew: another process may have compiled it since."""
    for source in SOURCES.glob("*/LC_MESSAGES/django.po"):
        target = Path(settings.LOCALE_PATHS[0], *source.relative_to(SOURCES).with_suffix(".mo").parts)
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
    _forget()


def _forget() -> None:
    """What Django's own reloader does when a catalogue changes."""
    gettext._translations = {}  # type: ignore[attr-defined]
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]
    trans_real._active = Local()  # type: ignore[attr-defined]
