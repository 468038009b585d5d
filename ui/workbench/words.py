"""What the workbench says about a case's times and priority."""

from datetime import datetime

from app.domain.cases import CaseState, CaseSummary, Level, Priority
from app.i18n import tr
from ui.colours import Tone
from ui.labels import age_text, clock_text, label

PRIORITY_TONES = {
    Priority.P1: Tone.DANGER,
    Priority.P2: Tone.WARNING,
    Priority.P3: Tone.WARNING,
    Priority.P4: Tone.INFO,
    Priority.P5: Tone.NEUTRAL,
}
STATE_LOOKS = {
    CaseState.OPEN: (Tone.INFO, "user"),
    CaseState.WAITING: (Tone.WARNING, "queue"),
    CaseState.CLAIMED: (Tone.ACCENT, "user"),
    CaseState.SOLVED: (Tone.GOOD, "check"),
}


def due_words(case: CaseSummary, now: datetime) -> str:
    """How long the next of its promises holds, or for how long it has been broken; or for whom the case waits."""
    if case.waits_for:
        return label(case.waits_for)
    due_at = case.next_due_at
    if due_at is None:
        return ""
    left_s = (due_at - now).total_seconds()
    if left_s < 0:
        return tr("overdue by {age}", age=age_text(-left_s))
    return tr("{age} left", age=age_text(left_s))


def own_words(case: CaseSummary, now: datetime) -> str:
    """The same for a case that a person has; without a promise, for how long."""
    return due_words(case, now) or waiting_words(case, now)


def waiting_words(case: CaseSummary, now: datetime) -> str:
    """How long the customer has waited at this level."""
    return tr("waiting for {age}", age=age_text((now - case.level_since).total_seconds()))


def level_words(case: CaseSummary, now: datetime) -> str:
    """ "waiting since 09:12 (23 min)" for a case in a queue, else since when it is at its level."""
    age, moment = age_text((now - case.level_since).total_seconds()), clock_text(case.level_since)
    if case.state is CaseState.WAITING:
        return tr("waiting since {time} ({age})", time=moment, age=age)
    return tr("at this level since {time} ({age})", time=moment, age=age)


def priority_words(case: CaseSummary) -> str:
    """A case's priority, and until when it is to be taken over for it."""
    if case.state is not CaseState.WAITING or case.due_at is None:
        return case.priority.name
    return tr("{priority}: to be taken over until {time}", priority=case.priority.name, time=clock_text(case.due_at))


def claim_hint(level: Level) -> str:
    """What "Claim next" takes."""
    if level is Level.THIRD:
        return tr("The most urgent case of third level")
    return tr("The most urgent case of second level")
