"""The clock of this computer in another time zone, for as long as a test needs it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def local_zone(rule: str) -> Iterator[None]:
    """`rule` as POSIX writes it (TZ), so that nothing of the kind need be installed."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = rule
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()
