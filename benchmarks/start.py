"""How long the product takes from nothing to its first page.

python benchmarks/start.py [--clone DIR]

In a fresh clone of this tree: the environment (from the package cache), our own start, the first page of the demo map's owner.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clone", type=Path, default=None, help="where to clone to (default: a temporary folder)")
    chosen = parser.parse_args().clone
    folder = chosen or Path(tempfile.mkdtemp(prefix="cjm-start-"))
    try:
        measure(folder)
    finally:
        if chosen is None:
            shutil.rmtree(folder)


def measure(folder: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    begin = time.monotonic()
    subprocess.run(["make", "env"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    installed = time.monotonic()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    words = ["make", "-s", "up", f"ARGS=--port {port} --json"]
    clean = {name: value for name, value in os.environ.items() if name not in ("CJM_DATA", "DATABASE_URL", "REDIS_URL")}
    product = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean, start_new_session=True
    )
    try:
        assert product.stdout is not None
        greeting = json.loads(product.stdout.readline())
        ready = time.monotonic()
        open_first_page(greeting["login_url"])
        shown = time.monotonic()
        print(f"environment        {installed - begin:6.1f} s")
        print(f"own start          {ready - installed:6.1f} s")
        print(f"first page         {shown - ready:6.1f} s")
        print(f"all                {shown - begin:6.1f} s")
    finally:
        os.killpg(product.pid, 15)
        product.wait(30)


def open_first_page(link: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(link, timeout=60) as page:
        assert page.status == 200
        page.read()


if __name__ == "__main__":
    main()
