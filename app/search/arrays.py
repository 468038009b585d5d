"""Small helps for arrays that hold lists of unequal length one after the other."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)
Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Progress = Callable[[float], None]
"""Hears now and then which share of the work is done, 0 to 1."""


_FEW = 5_000


def in_silence(share: float) -> None:
    """The progress that nobody wants to hear."""


def ragged(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The places of all stretches `starts[i]:ends[i]`, and to which stretch each belongs."""
    sizes = ends - starts
    owners = np.repeat(np.arange(len(sizes)), sizes)
    offsets = np.cumsum(sizes) - sizes
    return np.arange(len(owners)) - np.repeat(offsets - starts, sizes), owners


def inserted(old: NDArray[T], places: Ints, values: NDArray[T]) -> NDArray[T]:
    """`values` put in before these places of `old`, which ascend. A few take the time of a copy, and no more."""
    if len(places) > _FEW:
        return np.insert(old, places, values)
    pieces = np.split(old, places)
    ones = np.split(values.astype(old.dtype), len(values)) if len(values) else []
    return np.concatenate([pieces[0], *(piece for pair in zip(ones, pieces[1:], strict=True) for piece in pair)])
