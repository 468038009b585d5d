"""What the case page says about the clocks of a case."""

from collections.abc import Callable
from datetime import datetime

from app.domain.cases import CaseState, CaseSummary, WaitReason
from app.i18n import tr
from ui.colours import Tone
from ui.labels import age_text, clock_text

WAIT_REASONS: tuple[tuple[WaitReason, Callable[[], str]], ...] = (
    (WaitReason.CUSTOMER, lambda: tr("For the customer")),
    (WaitReason.SUPPLIER, lambda: tr("For the supplier")),
    (WaitReason.APPOINTMENT, lambda: tr("For an appointment")),
    (WaitReason.RELEASE, lambda: tr("For a new version")),
)  # to "What does it wait for?"


def own_line(case: CaseSummary, now: datetime) -> tuple[str, Tone]:
    """How the promise between the levels stands; nothing for a case that somebody has."""
    if case.state is not CaseState.WAITING or case.due_at is None:
        return "", Tone.NEUTRAL
    return tr("To be taken over: {time}", time=_time(case.due_at, now)), _tone(case.warn_at, case.due_at, now)


def resolve_line(case: CaseSummary, now: datetime) -> tuple[str, Tone]:
    """How the promise to the customer stands."""
    if case.state is CaseState.SOLVED:
        return "", Tone.NEUTRAL
    if case.waits_for:
        return tr("The customer’s clock stands still"), Tone.NEUTRAL
    if case.resolve_due_at is None:
        return tr("No time to a solution is promised"), Tone.NEUTRAL
    words = tr("To be solved: {time}", time=_time(case.resolve_due_at, now))
    return words, _tone(case.resolve_warn_at, case.resolve_due_at, now)


def _time(due_at: datetime, now: datetime) -> str:
    left_s = (due_at - now).total_seconds()
    if left_s < 0:
        return tr("since {time}, overdue by {age}", time=clock_text(due_at), age=age_text(-left_s))
    return tr("until {time}, {age} left", time=clock_text(due_at), age=age_text(left_s))


def _tone(warn_at: datetime | None, due_at: datetime, now: datetime) -> Tone:
    if due_at < now:
        return Tone.DANGER
    return Tone.WARNING if warn_at is not None and warn_at <= now else Tone.GOOD
