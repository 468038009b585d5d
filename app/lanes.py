"""The worker threads of a desk: one for commands (the order of clicks is that of transactions), three for reads.

Journal and search by meaning have one each.
"""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType


class Lanes:
    """Lanes of one process; end them with `stop()`."""

    def __init__(self) -> None:
        self.commands = ThreadPoolExecutor(1, thread_name_prefix="commands")
        self.queries = ThreadPoolExecutor(3, thread_name_prefix="queries")
        self.journal = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self.meaning = ThreadPoolExecutor(1, thread_name_prefix="meaning")  # no thread before the first work

    def stop(self) -> None:
        """Finish what is under way, drop reads that wait, then end the threads."""
        self.meaning.shutdown(wait=True, cancel_futures=True)
        self.queries.shutdown(wait=True, cancel_futures=True)
        self.commands.shutdown(wait=True)
        self.journal.shutdown(wait=True)

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
