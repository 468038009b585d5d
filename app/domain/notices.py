"""Notices of supervisors on the desks, and the raised hands of agents."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.errors import NotAllowed
from app.i18n import tr

NOTICE_LENGTH = 300
LINE_LENGTH = 1_000
ABOUT_LENGTH = 300
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a supervisor tells the desks; `seen_count` is for who may know it."""

    id: UUID
    by_name: str
    at: datetime
    until: datetime
    text: str
    team_name: str = ""  # empty: all
    seen_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandLine:
    """A line between an agent and the supervisors; nobody else reads it."""

    id: UUID
    by: UUID
    by_name: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """An agent asks for help, from `raised_at` on."""

    id: UUID
    person_id: UUID
    person_name: str
    raised_at: datetime
    about: str
    lines: tuple[HandLine, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Somebody else than the agent wrote."""
        return any(line.by != self.person_id for line in self.lines)


def checked_text(text: str, length: int) -> str:
    """The text without what surrounds it.

    Raises:
        NotAllowed: there is none, or it is too long.
    """
    text = text.strip()
    if not text:
        raise NotAllowed(tr("There is no text yet. Write what you want to say."))
    if len(text) > length:
        raise NotAllowed(tr("The text is too long: {count} of {length} characters.", count=len(text), length=length))
    return text


def check_until(until: datetime, now: datetime) -> None:
    """Raise NotAllowed unless a notice may stand until then."""
    if not now < until <= now + LONGEST:
        raise NotAllowed(tr("A notice stands for up to seven days, and ends later than now."))
