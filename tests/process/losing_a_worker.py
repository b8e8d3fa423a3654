"""Runs the product and, once it is up, makes its worker thread end as if something in it had broken."""

import ctypes
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from manage import choose_data_folder


def lose_the_worker() -> None:
    from cjm import heart

    while heart.age("worker") is None:
        time.sleep(0.05)
    time.sleep(1)
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "worker"]
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemError))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
    words = choose_data_folder(sys.argv)
    threading.Thread(target=lose_the_worker, daemon=True).start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "up", *words[1:]])
