"""The worker threads of a desk: three for reads, one for the journal (the order of clicks is that of commands).

Search by meaning has one, too; what is sent to the database goes through the outbox, which has its own.
"""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType


class Lanes:
    """Lanes of one process; end them with `stop()`."""

    def __init__(self) -> None:
        self.queries = ThreadPoolExecutor(3, thread_name_prefix="queries")
        self.journal = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self.meaning = ThreadPoolExecutor(1, thread_name_prefix="meaning")  # no thread before the first work

    def stop(self) -> None:
        """Finish what is under way, drop reads that wait, then end the threads."""
        self.meaning.shutdown(wait=True, cancel_futures=True)
        self.queries.shutdown(wait=True, cancel_futures=True)
        self.journal.shutdown(wait=True)

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
