"""How long a test waits for what comes in a moment unless something is wrong.

What comes true ends the wait, so a long limit makes no green test slower, and a busy machine fails none.
"""

import time
from collections.abc import Callable

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
