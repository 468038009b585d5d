"""Reads for a widget: they overtake each other in their lanes, and an older one never ends up on the screen."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from app.domain.errors import FirstlineError
from ui.background import Background

R = TypeVar("R")


class Refresher(QObject, Generic[R]):
    """Runs `query` in a lane and hands its result to `show`; however often it is asked, two runs at most are due."""

    failed = Signal(object)
    """A FirstlineError; what was shown stays."""

    def __init__(
        self,
        background: Background,
        executor: Executor,
        query: Callable[[], R],
        show: Callable[[R], None],
        owner: QObject,
    ) -> None:
        """Lives and ends with `owner`, usually the widget that shows the result."""
        super().__init__(owner)
        self.last_success_at: datetime | None = None
        self._background = background
        self._executor = executor
        self._query = query
        self._show = show
        self._is_under_way = False
        self._is_owed = False
        self._is_stale = False

    @property
    def is_under_way(self) -> bool:
        """A query runs now."""
        return self._is_under_way

    def refresh(self) -> None:
        """Run the query now, or once more after the one under way."""
        if self._is_under_way:
            self._is_owed = True
            return
        self._background.run(
            self._executor, self._query, owner=self, done=self._on_done, failed=self._on_failed, ended=self._on_ended
        )
        self._is_under_way = True

    def ask(self, query: Callable[[], R]) -> None:
        """Run another query from now on; the result of the old one, if it is under way, is not shown any more."""
        self._query = query
        self._is_stale = self._is_under_way
        self.refresh()

    def overtake(self) -> None:
        """More is known now than the query under way may find: not it, but the next one is shown."""
        self.ask(self._query)

    def _on_done(self, result: R) -> None:
        if self._is_stale:
            return
        self.last_success_at = datetime.now(UTC)
        self._show(result)

    def _on_failed(self, error: FirstlineError) -> None:
        if not self._is_stale:
            self.failed.emit(error)

    def _on_ended(self) -> None:
        self._is_under_way = False
        self._is_stale = False
        if self._is_owed:
            self._is_owed = False
            self.refresh()


class Latest:
    """For what a person asks for now and then, each time something else: only the newest of these reads is shown.

    What is to be read again and again has a `Refresher`.
    """

    def __init__(self, background: Background, executor: Executor, owner: QObject) -> None:
        self._background = background
        self._executor = executor
        self._owner = owner
        self._number = 0

    def read(
        self,
        query: Callable[[], R],
        show: Callable[[R], None],
        failed: Callable[[FirstlineError], None] | None = None,
    ) -> None:
        """Hand the result to `show`, or an error to `failed`, unless something else is asked for meanwhile."""
        self._number += 1
        number = self._number

        def if_newest(result: R) -> None:
            if number == self._number:
                show(result)

        def unless_overtaken(error: FirstlineError) -> None:
            if number == self._number:
                (failed or self._background.error_raised.emit)(error)

        self._background.run(self._executor, query, owner=self._owner, done=if_newest, failed=unless_overtaken)

    def drop(self) -> None:
        """What is under way is not wanted any more."""
        self._number += 1
