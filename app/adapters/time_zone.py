"""The name of the time zone that this computer is set to."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

_LINK, _FOLDER = Path("/etc/localtime"), "zoneinfo/"


def name_of_zone() -> str:
    """Like "Europe/Berlin"; UTC where it has no name that Python knows."""
    for name in (os.environ.get("TZ", ""), _linked()):
        if name and _is_known(name):
            return name
    return "UTC"


def _linked() -> str:
    try:
        return str(_LINK.resolve(strict=True)).partition(_FOLDER)[2]
    except OSError:  # Windows has none
        return ""


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
