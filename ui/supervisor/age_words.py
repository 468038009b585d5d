"""Of when the board is, in words."""

from datetime import datetime

from app.i18n import tr
from ui.labels import age_text, clock_text


def age_words(read_at: datetime, now: datetime) -> str:
    """How old the figures are."""
    time = f"{read_at.astimezone():%H:%M:%S}"
    return tr("Data from {time}, {age} old", time=time, age=age_text((now - read_at).total_seconds()))


def lost_sentence(since: datetime, *, has_figures: bool) -> str:
    """Why the figures are grey, or why there are none."""
    time = clock_text(since)
    if has_figures:
        return tr("No connection to the database since {time}. The figures are from then.", time=time)
    return tr("No connection to the database since {time}. There are no figures yet.", time=time)
