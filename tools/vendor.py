"""Browser libraries in static/vendor, taken from npm packages whose versions and hashes stand here.

tools/vendor.py           brings them anew (needs npm) and writes static/vendor/sri.json
tools/vendor.py check     holds every file of static/vendor against sri.json (used by make check)
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static/vendor"
LIST = FOLDER / "sri.json"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    integrity: str  # npm's own hash of the package
    files: dict[str, str]  # path in the package → name here


PACKAGES = [
    Package(
        "htmx.org",
        "4.0.1",
        "sha512-oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"},
    ),
    Package(
        "sortablejs",
        "1.15.7",
        "sha512-Kk8wLQPlS+yi1ZEf48a4+fzHa4yxjC30M/Sr2AnQu+f/MPwvvX9XjZ6OWejiz8crBsLwSq8GHqaxaET7u6ux0A==",
        {"modular/sortable.esm.js": "sortable.esm.js", "LICENSE": "sortable.LICENSE"},
    ),
    Package(
        "plotly.js-basic-dist-min",
        "4.1.1",
        "sha512-1oNF8PeQx2hv/y7tqEVWKD3JGwn/MGEMQ8mL9HUwsaqG9FGy/OU5FHUHvzqbqxN4mnwZGI9abTiE775C4kkjMQ==",
        {"plotly-basic.min.js": "plotly-basic.min.js", "LICENSE": "plotly.LICENSE"},
    ),
]


def bring() -> int:
    listed: dict[str, dict[str, str]] = {}
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            archive = _pack(package, Path(folder))
            for path, name in package.files.items():
                body = _read(archive, f"package/{path}")
                (FOLDER / name).write_bytes(body)
                listed[name] = {"from": f"{package.name}@{package.version}/{path}", "integrity": _sri("sha384", body)}
    LIST.write_text(json.dumps(dict(sorted(listed.items())), indent=1) + "\n")
    return check()


def _pack(package: Package, folder: Path) -> Path:
    words = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package.name}@{package.version}"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    found = _sri("sha512", archive.read_bytes())
    if found != package.integrity:
        raise SystemExit(f"{package.name}@{package.version} has the hash {found}, not the one that stands in tools/vendor.py.")
    return archive


def _read(archive: Path, path: str) -> bytes:
    with tarfile.open(archive) as tape:
        member = tape.extractfile(path)
        if member is None:
            raise SystemExit(f"{archive.name} has no {path}.")
        return member.read()


def _sri(kind: str, body: bytes) -> str:
    return f"{kind}-{base64.b64encode(hashlib.new(kind, body).digest()).decode()}"


def check() -> int:
    listed = json.loads(LIST.read_text())
    standing = {file.name for file in FOLDER.iterdir()} - {LIST.name}
    wrong = sorted(standing ^ set(listed))
    wrong += [
        name for name in listed if name in standing and _sri("sha384", (FOLDER / name).read_bytes()) != listed[name]["integrity"]
    ]
    pinned = {f"{package.name}@{package.version}/{path}" for package in PACKAGES for path in package.files}
    wrong += sorted(pinned ^ {line["from"] for line in listed.values()})
    for name in wrong:
        print(f"static/vendor does not match its list: {name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(check() if sys.argv[1:] == ["check"] else bring())
