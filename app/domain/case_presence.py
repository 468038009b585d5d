"""Who else has a case open, and when a desk says so: seldom, and never for a key stroke."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

OPEN_FOR = timedelta(minutes=10)  # how long what was told holds, if nothing more is told
TYPING_FOR = timedelta(seconds=40)
_APART_S = 10.0  # between two that are told, at least
_STILL_S = 15.0  # without a key, until nobody types any more
_TYPING_AGAIN_S = 25.0
_OPEN_AGAIN_S = 480.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Somebody else who has the case open."""

    name: str
    is_typing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What this desk's person does, and what the database was told of it. Times are seconds of one clock."""

    case_id: UUID | None = None
    key_at_s: float = -1e9
    told: tuple[UUID | None, bool] = (None, False)
    told_at_s: float = -1e9

    def is_typing(self, now_s: float) -> bool:
        return self.case_id is not None and now_s - self.key_at_s < _STILL_S


def with_case(looking: Looking, case_id: UUID | None) -> Looking:
    """Another case is open now, or none."""
    return looking if case_id == looking.case_id else replace(looking, case_id=case_id, key_at_s=-1e9)


def with_key(looking: Looking, now_s: float) -> Looking:
    """A key was pressed in the text for the case."""
    return replace(looking, key_at_s=now_s)


def to_tell(looking: Looking, now_s: float) -> Looking | None:
    """What is to be told now, as told; None when there is nothing, or it is too soon after the last."""
    wanted = looking.case_id, looking.is_typing(now_s)
    age_s = now_s - looking.told_at_s
    again_s = _TYPING_AGAIN_S if wanted[1] else _OPEN_AGAIN_S
    is_due = wanted != looking.told or (wanted[0] is not None and age_s >= again_s)
    return replace(looking, told=wanted, told_at_s=now_s) if is_due and age_s >= _APART_S else None
