"""Small helps for arrays that hold lists of unequal length one after the other."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Progress = Callable[[float], None]
"""Hears now and then which share of the work is done, 0 to 1."""


def in_silence(share: float) -> None:
    """The progress that nobody wants to hear."""


def ragged(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The places of all stretches `starts[i]:ends[i]`, and to which stretch each belongs."""
    sizes = ends - starts
    owners = np.repeat(np.arange(len(sizes)), sizes)
    offsets = np.cumsum(sizes) - sizes
    return np.arange(len(owners)) - np.repeat(offsets - starts, sizes), owners
