"""What the workbench says about a case's times and priority."""

from datetime import datetime, timedelta

from app.domain.cases import CLAIM_WITHIN, CaseState, CaseSummary, Level, Priority
from app.i18n import tr
from ui.colours import Tone
from ui.labels import age_text, clock_text, date_text, label

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


def due_words(case: CaseSummary, now: datetime) -> tuple[str, str]:
    """Two short lines that read on as one: "overdue", "by 12 min"."""
    if case.due_at is None:
        return "", ""
    left = case.due_at - now
    if case.is_overdue(now):
        return tr("overdue"), tr("by {age}", age=age_text(-left.total_seconds()))
    return tr("{age} left", age=age_text(left.total_seconds())), _until(case.due_at, now)


def waiting_words(case: CaseSummary, now: datetime) -> tuple[str, str]:
    """How long the case has been at its level, and since when."""
    age = (now - case.level_since).total_seconds()
    return age_text(age), tr("since {time}", time=_moment(case.level_since, now))


def level_words(case: CaseSummary, now: datetime) -> str:
    """ "waiting since 09:12 (23 min)" for a case in a queue, else since when it is at its level."""
    age, moment = age_text((now - case.level_since).total_seconds()), clock_text(case.level_since)
    if case.state is CaseState.WAITING:
        return tr("waiting since {time} ({age})", time=moment, age=age)
    return tr("at this level since {time} ({age})", time=moment, age=age)


def priority_words(priority: Priority) -> str:
    """What a priority promises."""
    return tr(
        "{priority}: to be claimed within {age}",
        priority=label(priority),
        age=age_text(CLAIM_WITHIN[priority].total_seconds()),
    )


def claim_hint(level: Level) -> str:
    """What "Claim next" takes."""
    if level is Level.THIRD:
        return tr("Takes the most urgent case of the third level.")
    return tr("Takes the most urgent case of the second level.")


def _until(at: datetime, now: datetime) -> str:
    if _is_day_after(at, now, 0):
        return tr("until {time}", time=clock_text(at))
    if _is_day_after(at, now, 1):
        return tr("until tomorrow {time}", time=f"{at.astimezone():%H:%M}")
    return tr("until {time}", time=date_text(at.astimezone().date()))


def _moment(at: datetime, now: datetime) -> str:
    return clock_text(at) if _is_day_after(at, now, 0) else date_text(at.astimezone().date())


def _is_day_after(at: datetime, now: datetime, days: int) -> bool:
    return at.astimezone().date() == now.astimezone().date() + timedelta(days=days)
