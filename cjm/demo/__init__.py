"""The demo: a workspace of its own with two maps, believable traffic and one pain that walks the whole chain."""

from .building import CUSTOMERS, SLUG, start
from .ending import delete, reset
from .progress import Progress, advance, progress_of

__all__ = ["CUSTOMERS", "SLUG", "Progress", "advance", "delete", "progress_of", "reset", "start"]
