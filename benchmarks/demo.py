"""How long the full demo takes, and how near its funnel comes to the reference screen: python benchmarks/demo.py"""

import json
import os
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCREEN = (9.6, 31.6, 20.8, 60.0, 83.0, 25.2)


def ask(url: str, token: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def funnel(api: str, token: str, question: Any) -> list[dict[str, Any]]:
    """The steps; an answer that takes longer than ten seconds is fetched when it is ready."""
    answer = ask(api + "reports/funnel/", token, question)
    while "steps" not in answer:
        time.sleep(1)
        answer = ask(f"{api}reports/{answer['report']}/", token)
    steps: list[dict[str, Any]] = answer["steps"]
    return steps


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cjm-demo-") as folder:
        begin = time.monotonic()
        command = [sys.executable, "manage.py", "up", "--port", "8189", "--data", folder, "--json"]
        with Popen(command, cwd=ROOT, stdout=PIPE, env=os.environ | {"CJM_LOG": "ERROR"}) as product:
            try:
                line = product.stdout.readline() if product.stdout else b""
                ready = time.monotonic() - begin
                measure(json.loads(line), begin, ready, product.pid)
            finally:
                product.terminate()


def measure(start: dict[str, str], begin: float, ready: float, pid: int) -> None:
    api, token = start["url"] + "/api/v1/", start["token"]
    maps = ask(api + "maps/", token)["results"]
    saas = next(row["id"] for row in maps if row["title"] == "B2B SaaS CRM")
    question = {"map": saas, "mode": "reached", "window_seconds": 400 * 86_400}
    first = funnel(api, token, question)
    print(f"ready after {ready:.1f} s, first figures over {first[0]['count']} customers after {time.monotonic() - begin:.1f} s")
    count, before = first[0]["count"], -1
    while count != before or count < 45_000:
        time.sleep(5)
        before, count = count, funnel(api, token, question)[0]["count"]
    seconds = time.monotonic() - begin
    ticks = sum(int(word) for word in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])
    print(f"complete (seen within 5 s) after {seconds:.0f} s, {ticks / os.sysconf('SC_CLK_TCK'):.0f} s of processor time")
    steps = funnel(api, token, question)
    print("customers by stage:", [step["count"] for step in steps])
    for step, wanted in zip(steps[1:], SCREEN, strict=True):
        print(f"  {100 * step['step']:5.1f} %  (screen {wanted} %)  median {(step['median_seconds'] or 0) / 86_400:.1f} d")


if __name__ == "__main__":
    main()
