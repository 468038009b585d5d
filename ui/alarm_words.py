"""A promise that is about to break, or has, in words: on the board and as a notice."""

from datetime import datetime

from app.domain.clocks import ClockKind
from app.i18n import tr
from app.services.alarms import AlarmNow
from ui.labels import age_text, label


def step_words(alarm: AlarmNow) -> str:
    """How far the promise is used: "75 % used", "broken", "broken for 60 min"."""
    if not alarm.is_broken:
        return tr("{part} used", part=alarm.step)
    if alarm.step.startswith("+"):
        return tr("broken, {span}", span=alarm.step)
    return tr("broken")


def what_words(alarm: AlarmNow) -> str:
    """Which promise it is, and at whom it lies."""
    at_whom = alarm.owner_name if alarm.clock is ClockKind.RESOLVE and alarm.owner_name else label(alarm.level)
    return f"{label(alarm.clock)}, {at_whom}"


def left_words(alarm: AlarmNow, now: datetime) -> str:
    """By the clock on the wall: how long is left, or for how long it is over."""
    if alarm.due_at is None:
        return ""
    left_s = (alarm.due_at - now).total_seconds()
    return tr("{age} left", age=age_text(left_s)) if left_s >= 0 else tr("overdue by {age}", age=age_text(-left_s))


def alarm_sentence(alarm: AlarmNow) -> str:
    """What is said to a supervisor who looks at something else."""
    return tr("{priority} {number}: {what}: {step}.", priority=alarm.priority.name, number=alarm.number,
              what=what_words(alarm), step=step_words(alarm))  # fmt: skip
