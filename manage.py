#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def choose_data_folder(arguments: list[str]) -> list[str]:
    """Takes `--data DIR` out of any command's words: it decides where everything lies before the settings are read."""
    left = list(arguments)
    for index, word in enumerate(arguments):
        if word == "--data" and index + 1 < len(arguments):
            os.environ["CJM_DATA"] = arguments[index + 1]
            del left[index : index + 2]
        elif word.startswith("--data="):
            os.environ["CJM_DATA"] = word.removeprefix("--data=")
            del left[index]
    return left


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
    try:
        execute_from_command_line(choose_data_folder(sys.argv))
    except ImproperlyConfigured as error:
        sys.exit(str(error))
