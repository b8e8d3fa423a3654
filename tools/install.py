"""Fills the environment of the Python that runs this from a lock with hashes.

tools/install.py requirements.lock

uv does it in seconds: the one on PATH, else one that pip brings from requirements-uv.lock. It is told the indexes that pip is
configured with. Where uv cannot do it, pip does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def main(lock: str) -> int:
    uv = find_uv()
    if uv is not None:
        words = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes", *indexes(), "-r", lock]
        if subprocess.run(words, check=False).returncode == 0:
            return 0
        print("uv could not install the lock; pip does it now, which takes a minute or two.", file=sys.stderr)
    return subprocess.run([*PIP, "install", "--quiet", "--require-hashes", "-r", lock], check=False).returncode


def find_uv() -> str | None:
    beside = Path(sys.executable).parent / "uv"
    if found := shutil.which("uv") or (str(beside) if beside.exists() else None):
        return found
    words = [*PIP, "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(ROOT / "requirements-uv.lock")]
    return str(beside) if subprocess.run(words, check=False).returncode == 0 else None


def indexes() -> list[str]:
    """Where pip looks, as words for uv. Hashes are required, so any of them may serve any package."""
    words = ["--index-strategy", "unsafe-best-match"]
    found = configured()
    for name in ("index-url", "extra-index-url", "find-links"):
        for place in found.get(name, "").split():
            words += [f"--{name}", place]
    return words


def configured() -> dict[str, str]:
    """pip's settings from its files, and from the environment, which wins."""
    listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for line in listed.splitlines():
        name, _sign, value = line.partition("=")
        section, _dot, key = name.partition(".")
        if section in ("global", "install"):
            found[key] = value.strip("'\"").replace("\\n", " ")
    for key in ("index-url", "extra-index-url", "find-links"):
        if value := os.environ.get("PIP_" + key.upper().replace("-", "_")):
            found[key] = value
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
