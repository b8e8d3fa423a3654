"""Russian words of the product.

tools/translations.py check            every sentence of the sources has its Russian (used by make check)
tools/translations.py add PAIRS.json   adds {"English": "Русский", "%(n)s day": {"plural": "%(n)s days", "forms": ["…", …]}}
tools/translations.py missing          prints what has no Russian yet, as JSON to fill in for `add`
"""

import fcntl
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "locale/ru/LC_MESSAGES/django.po"
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "ru",
    "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
}


def sources() -> polib.POFile:
    """Every sentence that the sources mark for translation."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
    os.chdir(ROOT)
    import django
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    django.setup()
    with tempfile.TemporaryDirectory() as folder:

        class Extract(makemessages.Command):
            def find_files(self, root: str) -> list[object]:
                self.locale_paths, self.default_locale_path = [folder], folder
                return super().find_files(root)

        os.makedirs(f"{folder}/ru/LC_MESSAGES")
        ignored = [".venv/*", "tests/*", "tools/*", "benchmarks/*", "static/*", "docs/*", ".data/*", "locale"]
        call_command(Extract(), locale=["ru"], ignore_patterns=ignored, no_location=True, verbosity=0)
        return polib.pofile(f"{folder}/ru/LC_MESSAGES/django.po")


def known() -> polib.POFile:
    if FILE.exists():
        return polib.pofile(str(FILE), wrapwidth=120)
    book = polib.POFile(wrapwidth=120)
    book.metadata = HEADER
    return book


def missing() -> list[polib.POEntry]:
    book = {(entry.msgctxt, entry.msgid): entry for entry in known()}
    return [entry for entry in sources() if not _is_done(book.get((entry.msgctxt, entry.msgid)))]


def _is_done(entry: polib.POEntry | None) -> bool:
    if entry is None or entry.obsolete or entry.fuzzy:
        return False
    if entry.msgid_plural:
        return len(entry.msgstr_plural) == 3 and all(entry.msgstr_plural.values())
    return bool(entry.msgstr) and _names(entry.msgid) == _names(entry.msgstr)


def _names(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))


def add(pairs: dict[str, object]) -> None:
    with open(FILE.parent / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        book = known()
        for english, russian in pairs.items():
            entry = book.find(english, include_obsolete_entries=True)
            if entry is None:
                entry = polib.POEntry(msgid=english)
                book.append(entry)
            if isinstance(russian, dict):
                entry.msgid_plural = russian["plural"]
                entry.msgstr_plural = dict(enumerate(russian["forms"]))
            else:
                entry.msgstr = str(russian)
            entry.flags = ["python-format"] if _names(english) else []
        book.sort(key=lambda entry: entry.msgid)
        draft = FILE.with_suffix(".draft")
        book.save(str(draft))
        draft.replace(FILE)


def main() -> int:
    match sys.argv[1:]:
        case ["add", path]:
            add(json.loads(Path(path).read_text()))
            return 0
        case ["missing"]:
            print(json.dumps({entry.msgid: "" for entry in missing()}, ensure_ascii=False, indent=1))
            return 0
        case ["check"]:
            rows = missing()
            for entry in rows:
                print(f"no Russian: {entry.msgid!r}")
            return 1 if rows else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
