"""The invented callers of the demo line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCaller:
    """Who rings (`raw` and `display_name` as a network would send them), in which queue, and what they want."""

    raw: str
    queue: str
    says: str
    display_name: str = ""  # most networks send none
