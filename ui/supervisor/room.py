"""Room on the board: what stands between tiles and lists becomes one line where the lists would get too little."""

from collections.abc import Sequence
from typing import Protocol

from ui.theme import scaled

_NEEDED_PX = 240  # of the lists: a heading and six rows
_LINE_PX = 52  # of a part that is one line


class Shrinking(Protocol):
    """A part of the board that can be one line."""

    @property
    def whole_px(self) -> int:
        """How high it is as a whole; 0 while there is nothing to show."""

    def set_line(self, is_line: bool) -> None: ...


def share(room_px: int, parts: Sequence[Shrinking], *, is_opened: bool) -> None:
    """Make lines of parts, the first one first, until the rest has room; of all of them while a figure is opened."""
    heights = {id(part): part.whole_px for part in parts}
    for part in parts:
        is_line = is_opened or room_px - sum(heights.values()) < scaled(_NEEDED_PX)
        if is_line:
            heights[id(part)] = min(heights[id(part)], scaled(_LINE_PX))
        part.set_line(is_line)
