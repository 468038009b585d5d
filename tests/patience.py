"""How long a test waits for what comes in a moment unless something is wrong.

What comes true ends the wait, so a long limit makes no green test slower, and a busy machine fails none.
"""

import time
from collections.abc import Callable

from app.db import address, engine

LIMIT_S = 60.0
LIMIT_MS = int(LIMIT_S * 1000)
_PAUSE_S = 0.02


def wait_for(is_true: Callable[[], object], what: Callable[[], object] = lambda: "") -> None:
    """Wait in this thread, for what other threads and processes do; a window runs on with `ui.keys.wait_until`.

    Args:
        what: is said when it never comes true.
    """
    give_up_at_s = time.monotonic() + LIMIT_S
    while not is_true():
        assert time.monotonic() < give_up_at_s, what()
        time.sleep(_PAUSE_S)


def be_patient_with_databases(change: Callable[[object, str, object], None] = setattr) -> None:
    """A machine that stands still for some seconds makes none unavailable, and no server ends a statement for it.

    Who tests these limits sets them.
    """
    change(address, "CONNECT_TIMEOUT_S", int(LIMIT_S))
    change(address, "STATEMENT_LIMIT_S", int(LIMIT_S))
    change(address, "IDLE_LIMIT_S", int(LIMIT_S))
    change(address, "ANSWER_LIMIT_S", 2 * LIMIT_S)
    change(engine, "POOL_WAIT_S", LIMIT_S)
    change(engine, "BUSY_TIMEOUT_MS", LIMIT_MS)
