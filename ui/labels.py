"""The words for states, levels, reasons and times, in the person's language."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from PySide6.QtCore import QLocale

from app.domain.answers import Audience
from app.domain.bookings import BookingKind
from app.domain.call_backs import CallBackKind
from app.domain.calls import CallState, Disposition, EndedBy, EndReason, NumberKind
from app.domain.cases import CaseEvent, CaseState, EscalationReason, Impact, Level, Urgency, WaitReason
from app.domain.clocks import ClockKind
from app.domain.customers import ContractKind, MatchSource
from app.domain.due_times import When
from app.domain.entitlement import Verdict
from app.domain.knowledge import AnswerEvent, AnswerState, FlagKind
from app.domain.people import AgentState, PauseCode
from app.domain.problems import ProblemState
from app.domain.search_report import GapKind
from app.i18n import language, tr
from app.telephony.source import SourceState

_WORDS: tuple[tuple[Enum, Callable[[], str]], ...] = (
    (AgentState.SIGNED_OUT, lambda: tr("Signed out")),
    (AgentState.AVAILABLE, lambda: tr("Available")),
    (AgentState.RINGING, lambda: tr("Ringing")),
    (AgentState.ON_CALL, lambda: tr("On a call")),
    (AgentState.WRAP_UP, lambda: tr("Wrap-up")),
    (AgentState.PAUSED, lambda: tr("Paused")),
    (PauseCode.BREAK, lambda: tr("Break")),
    (PauseCode.LUNCH, lambda: tr("Lunch")),
    (PauseCode.MEETING, lambda: tr("Meeting")),
    (PauseCode.TRAINING, lambda: tr("Training")),
    (PauseCode.TECHNICAL, lambda: tr("Technical fault")),
    (PauseCode.MISSED_CALL, lambda: tr("Missed call")),
    (PauseCode.OUTSIDE, lambda: tr("By the telephone system")),
    (CallState.QUEUED, lambda: tr("Waiting")),
    (CallState.OFFERED, lambda: tr("Ringing")),
    (CallState.CONNECTED, lambda: tr("Connected")),
    (CallState.HELD, lambda: tr("On hold")),
    (CallState.CONSULTING, lambda: tr("Consultation")),
    (CallState.WRAP_UP, lambda: tr("Wrap-up")),
    (CallState.CLOSED, lambda: tr("Ended")),
    (Disposition.SOLVED, lambda: tr("Solved")),
    (Disposition.ESCALATED, lambda: tr("Escalated")),
    (Disposition.CALL_BACK, lambda: tr("Call back")),
    (Disposition.INFORMATION, lambda: tr("Information")),
    (Disposition.WRONG_NUMBER, lambda: tr("Wrong number")),
    (Disposition.DROPPED, lambda: tr("Connection lost")),
    (Disposition.TIMED_OUT, lambda: tr("No result given")),
    (EndReason.ANSWERED, lambda: tr("Answered")),
    (EndReason.ABANDONED, lambda: tr("Abandoned")),
    (EndReason.SHORT_ABANDONED, lambda: tr("Abandoned at once")),
    (EndReason.MISSED, lambda: tr("Missed")),
    (EndReason.REJECTED, lambda: tr("Rejected")),
    (EndReason.FLOW_OUT, lambda: tr("Left the queue")),
    (EndReason.CALL_BACK, lambda: tr("Call back promised")),
    (EndReason.FAILED, lambda: tr("Failed")),
    (EndReason.UNKNOWN, lambda: tr("Unknown")),
    (EndedBy.CALLER, lambda: tr("by the caller")),
    (EndedBy.AGENT, lambda: tr("by the agent")),
    (EndedBy.TRANSFER, lambda: tr("by a transfer")),
    (EndedBy.SYSTEM, lambda: tr("by the system")),
    (CaseState.OPEN, lambda: tr("Open")),
    (CaseState.WAITING, lambda: tr("Waiting")),
    (CaseState.CLAIMED, lambda: tr("In progress")),
    (CaseState.SOLVED, lambda: tr("Solved")),
    (CaseEvent.OPENED, lambda: tr("Opened")),
    (CaseEvent.ESCALATED, lambda: tr("Escalated")),
    (CaseEvent.CLAIMED, lambda: tr("Claimed")),
    (CaseEvent.RETURNED, lambda: tr("Returned")),
    (CaseEvent.SOLVED, lambda: tr("Solved")),
    (CaseEvent.PRIORITISED, lambda: tr("Priority changed")),
    (CaseEvent.ASSIGNED, lambda: tr("Assigned")),
    (CaseEvent.LAPSED, lambda: tr("Desk silent, back in the queue")),
    (CaseEvent.RELEASED, lambda: tr("Back in the queue")),
    (CaseEvent.REQUEUED, lambda: tr("Put back into the queue")),
    (CaseEvent.ACCEPTED, lambda: tr("Accepted")),
    (CaseEvent.ASKED, lambda: tr("Asked back")),
    (CaseEvent.REPLIED, lambda: tr("Question answered")),
    (CaseEvent.CONSULTED, lambda: tr("Asked for advice")),
    (CaseEvent.ADVISED, lambda: tr("Advice")),
    (CaseEvent.GRANTED, lambda: tr("Contact shown to third level")),
    (CaseEvent.GRANT_ENDED, lambda: tr("Contact hidden from third level")),
    (CaseEvent.MERGED, lambda: tr("Levels merged, now at second level")),
    (CaseEvent.SPLIT, lambda: tr("Levels split, back at third level")),
    (When.IN_AN_HOUR, lambda: tr("In 1 hour")),
    (When.AFTERNOON, lambda: tr("This afternoon")),
    (When.MORNING, lambda: tr("Tomorrow morning")),
    (When.TYPED, lambda: tr("Another time")),
    (CaseEvent.ATTACHED, lambda: tr("Known problem attached")),
    (CaseEvent.DETACHED, lambda: tr("Known problem detached")),
    (CaseEvent.ADAPTED, lambda: tr("Workaround for this customer")),
    (GapKind.NOT_FOUND, lambda: tr("nothing found")),
    (GapKind.NOT_USED, lambda: tr("found, but escalated")),
    (CaseEvent.SUSPENDED, lambda: tr("Waits")),
    (CaseEvent.RESUMED, lambda: tr("Goes on")),
    (WaitReason.CUSTOMER, lambda: tr("Waits for the customer")),
    (WaitReason.SUPPLIER, lambda: tr("Waits for the supplier")),
    (WaitReason.APPOINTMENT, lambda: tr("Waits for an appointment")),
    (WaitReason.RELEASE, lambda: tr("Waits for a new version")),
    (ClockKind.OWN, lambda: tr("To be taken over")),
    (ClockKind.RESOLVE, lambda: tr("To be solved")),
    (Verdict.COVERED, lambda: tr("Covered")),
    (Verdict.CHARGEABLE, lambda: tr("Chargeable")),
    (Verdict.EXPIRED, lambda: tr("Expired")),
    (Verdict.GOODWILL, lambda: tr("Goodwill")),
    (BookingKind.AGREED, lambda: tr("Agreed")),
    (BookingKind.GOODWILL, lambda: tr("Goodwill")),
    (BookingKind.INCIDENT, lambda: tr("One incident")),
    (BookingKind.WORK, lambda: tr("Time worked")),
    (CallBackKind.ABANDONED, lambda: tr("Hung up while waiting")),
    (CallBackKind.PROMISED, lambda: tr("Promised")),
    (Level.FIRST, lambda: tr("First level")),
    (Level.SECOND, lambda: tr("Second level")),
    (Level.THIRD, lambda: tr("Third level")),
    (ProblemState.CANDIDATE, lambda: tr("Candidate")),
    (ProblemState.CONFIRMED, lambda: tr("Confirmed")),
    (ProblemState.SOLVED, lambda: tr("Solved")),
    (ProblemState.REJECTED, lambda: tr("Dismissed")),
    (Impact.PERSON, lambda: tr("One person")),
    (Impact.TEAM, lambda: tr("Several people")),
    (Impact.COMPANY, lambda: tr("Whole company")),
    (Urgency.LOW, lambda: tr("Can wait")),
    (Urgency.NORMAL, lambda: tr("Hinders work")),
    (Urgency.HIGH, lambda: tr("Work stands still")),
    (EscalationReason.NO_ANSWER, lambda: tr("No answer fits")),
    (EscalationReason.ANSWER_FAILED, lambda: tr("The answer did not help")),
    (EscalationReason.NEEDS_SPECIALIST, lambda: tr("Needs a specialist")),
    (EscalationReason.NEEDS_ACCESS, lambda: tr("Needs rights I do not have")),
    (EscalationReason.CUSTOMER_ASKS, lambda: tr("The customer asks for it")),
    (ContractKind.WARRANTY, lambda: tr("Warranty")),
    (ContractKind.BASIC, lambda: tr("Basic contract")),
    (ContractKind.BUSINESS, lambda: tr("Business contract")),
    (ContractKind.PREMIUM, lambda: tr("Premium contract")),
    (MatchSource.NUMBER, lambda: tr("by the number")),
    (MatchSource.SWITCHBOARD, lambda: tr("maybe: same switchboard")),
    (MatchSource.NAME, lambda: tr("maybe: same name")),
    (NumberKind.PUBLIC, lambda: tr("Number")),
    (NumberKind.INTERNAL, lambda: tr("Extension")),
    (NumberKind.WITHHELD, lambda: tr("Number withheld")),
    (NumberKind.UNKNOWN, lambda: tr("Number unknown")),
    (SourceState.STARTING, lambda: tr("Line starting")),
    (SourceState.READY, lambda: tr("Line ready")),
    (SourceState.LOST, lambda: tr("Line lost")),
    (SourceState.STOPPED, lambda: tr("Line closed")),
    (AnswerState.DRAFT, lambda: tr("Draft")),
    (AnswerState.REVIEW, lambda: tr("In review")),
    (AnswerState.PUBLISHED, lambda: tr("Published")),
    (AnswerState.RETIRED, lambda: tr("Retired")),
    (AnswerState.DROPPED, lambda: tr("Dropped")),
    (AnswerEvent.DRAFTED, lambda: tr("Draft begun")),
    (AnswerEvent.CHANGED, lambda: tr("Changed")),
    (AnswerEvent.SUBMITTED, lambda: tr("Handed in")),
    (AnswerEvent.SENT_BACK, lambda: tr("Sent back")),
    (AnswerEvent.PUBLISHED, lambda: tr("Published")),
    (AnswerEvent.DROPPED, lambda: tr("Dropped")),
    (AnswerEvent.RETIRED, lambda: tr("Retired")),
    (AnswerEvent.RESTORED, lambda: tr("Restored")),
    (FlagKind.WRONG, lambda: tr("Wrong")),
    (FlagKind.OUTDATED, lambda: tr("Outdated")),
    (FlagKind.UNCLEAR, lambda: tr("Hard to understand")),
    (Audience.FIRST, lambda: tr("First level")),
    (Audience.SECOND, lambda: tr("Second level")),
)
# Members of different StrEnums and IntEnums are equal where their values are, so the type belongs to the key.
_WORDS_BY_TYPE = {(type(value), value): word for value, word in _WORDS}


def label(value: Enum) -> str:
    """The word for a state, level or reason; a priority is "P1" ... "P5" in every language."""
    word = _WORDS_BY_TYPE.get((type(value), value))
    return word() if word else value.name


def language_name(code: str) -> str:
    """The language that a customer or an answer has."""
    return tr("German") if code == "de" else tr("English")


def clock_text(at: datetime) -> str:
    """A moment of today as its time, of another day with the date; in local time and the language's form."""
    local = at.astimezone()
    time = local.strftime("%H:%M")
    return time if local.date() == datetime.now().astimezone().date() else f"{date_text(local.date())} {time}"


def date_text(day: date) -> str:
    """A day in the short form of the program's language."""
    locale = QLocale(
        QLocale.Language.German if language() == "de" else QLocale.Language.English, QLocale.Country.AnyCountry
    )
    form = "dd.MM.yyyy" if language() == "de" else "d MMM yyyy"
    return locale.toString(day, form)  # type: ignore[call-overload,no-any-return]


def day_of(text: str) -> date | None:
    """The day that a person wrote, in the short form of either language or as 2027-03-31; None: it is none."""
    text = " ".join(text.split())
    with suppress(ValueError):
        return date.fromisoformat(text)
    for locale, form in ((QLocale.Language.German, "d.M.yyyy"), (QLocale.Language.English, "d MMM yyyy")):
        found = QLocale(locale, QLocale.Country.AnyCountry).toDate(text, form)
        if found.isValid():
            return date(found.year(), found.month(), found.day())
    return None


def percent_text(share: Fraction) -> str:
    """Whole per cent, as the tile shows it; rounded here and nowhere before. Never up to all or down to nothing."""
    rounded = round(share * 100)
    if rounded == 100 and share != 1:
        rounded = 99
    if rounded == 0 and share != 0:
        rounded = 1
    return f"{rounded}\u00a0%" if language() == "de" else f"{rounded}%"


def age_text(seconds: float) -> str:
    """How long ago or until, coarse: "45 s", "12 min", "3 h 20 min", "2 d 4 h"."""
    minutes, _ = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return tr("{days} d {hours} h", days=days, hours=hour)
    if hours:
        return tr("{hours} h {minutes} min", hours=hours, minutes=minute)
    return tr("{minutes} min", minutes=minutes) if minutes else tr("{seconds} s", seconds=max(0, int(seconds)))
