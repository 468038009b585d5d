"""Ids made by the desk, so that a command can be sent again without being done again."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to be misheard or misread
_VERSION_7 = 0x7 << 76 | 0x2 << 62  # with the variant
_RANDOM = (1 << 76) - 1 & ~(0x3 << 62)
_MISREAD = str.maketrans("OIL", "011")


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits; sorts by time of making."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big") & _RANDOM
    return UUID(int=milliseconds << 80 | _VERSION_7 | random_bits)


def case_number(case_id: UUID) -> str:
    """The number to read to the customer, e.g. "7K2M-94QX": the id's 40 lowest random bits.

    The desk can say it before the database has seen the case. Among a million cases a new one meets
    an old number once in a million; the database then refuses it.
    """
    low = case_id.int & ((1 << 40) - 1)
    digits = "".join([_ALPHABET[(low >> shift) & 31] for shift in range(35, -1, -5)])
    return f"{digits[:4]}-{digits[4:]}"


def heard_number(text: str) -> str:
    """A case's number as somebody wrote it down: in small letters, without hyphen, with O for 0 and I or L for 1."""
    signs = "".join(text.upper().split()).replace("-", "").translate(_MISREAD)
    return f"{signs[:4]}-{signs[4:]}"


def made_at(id_: UUID) -> datetime:
    """When an id of `new_id` was made, to the millisecond."""
    return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC)
