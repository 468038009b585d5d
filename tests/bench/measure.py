"""What the measurements share: times in milliseconds, a small table, and a window that says when it is painted."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

PAINT_LIMIT_MS = 60_000


@dataclass(slots=True)
class Times:
    """Single measurements, in milliseconds."""

    values: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        began = perf_counter()
        yield
        self.values.append((perf_counter() - began) * 1000)

    def percentile(self, share: float) -> float:
        """The smallest value that `share` of all values do not exceed (nearest rank)."""
        ranked = sorted(self.values)
        return ranked[max(0, -(-int(share * 100 * len(ranked)) // 100) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: what was measured, and how often its measure of comparison fits into it."""

    name: str
    times: Times
    yardstick: str
    yardstick_ms: float

    @property
    def cells(self) -> tuple[str, ...]:
        p50, p95 = self.times.percentile(0.5), self.times.percentile(0.95)
        ratios = (f"{p50 / self.yardstick_ms:.2f}", f"{p95 / self.yardstick_ms:.2f}")
        return (self.name, str(len(self.times.values)), f"{p50:.2f}", f"{p95:.2f}", *ratios, self.yardstick)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One line of the table of rates: how much a second, and as a share of what it is compared with."""

    name: str
    per_s: float
    yardstick: str
    yardstick_per_s: float

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.name, f"{self.per_s:,.1f}", f"{self.per_s / self.yardstick_per_s:.2f}", self.yardstick)


HEADS = ("", "n", "p50 ms", "p95 ms", "p50 ratio", "p95 ratio", "to")
RATE_HEADS = ("", "per s", "share", "of")


def compared(name: str, times: Times, yardstick: str, other: Times) -> Line:
    """With the median of what was measured beside it in the same run: a loaded machine slows both."""
    median_ms = other.percentile(0.5)
    return Line(name=name, times=times, yardstick=f"{yardstick}: {median_ms:.2f} ms", yardstick_ms=median_ms)


def table(heads: tuple[str, ...], lines: Sequence[Line] | Sequence[Rate]) -> str:
    rows = [heads, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    last = len(heads) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


@contextmanager
def without_collector() -> Iterator[None]:
    """As in the program, where the collector runs between two keys and not in one."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class PaintWatch(QObject):
    """Runs the event loop until a widget was painted while a claim held."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._loop = QEventLoop(self)
        self._claim: Callable[[], bool] = lambda: False
        self._limit = QTimer(self, singleShot=True, interval=PAINT_LIMIT_MS)
        self._limit.timeout.connect(lambda: self._loop.exit(1))
        for widget in widgets:
            widget.installEventFilter(self)

    def wait(self, claim: Callable[[], bool]) -> None:
        """Return when the repaint is over in which the claim held."""
        self._claim = claim
        self._limit.start()
        assert self._loop.exec() == 0, "it was not painted in time"
        self._limit.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._claim():
            self._claim = lambda: False
            QTimer.singleShot(0, lambda: self._loop.exit(0))  # this paint, and those of the same pass, come first
        return False
