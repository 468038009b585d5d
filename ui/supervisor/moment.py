"""The time that the board is shown as of."""

from collections.abc import Callable
from datetime import datetime


class Moment:
    """The time as of which the board is shown: now, or that of the last read while the database is away."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._stopped_at: datetime | None = None

    @property
    def is_old(self) -> bool:
        """Time stands still."""
        return self._stopped_at is not None

    def stop(self, at: datetime) -> None:
        """Show the board as of `at`."""
        self._stopped_at = at

    def go_on(self) -> None:
        """Show the board as of now."""
        self._stopped_at = None

    def __call__(self) -> datetime:
        return self._stopped_at or self._now()
