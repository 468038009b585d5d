"""What stands in the outbox, in words: what it is about, how it is, and all that the person typed in it."""

from app.desk.journal import Entry
from app.domain.commands import (
    ClaimNext,
    EscalateCase,
    RecordCall,
    ReportSearch,
    ReturnCase,
    SetAgentState,
    SolveCase,
    SolveWithAnswer,
)
from app.domain.ids import case_number
from app.i18n import tr
from app.telephony.numbers import readable
from ui.labels import label


def title_of(entry: Entry) -> str:
    """What the command does."""
    match entry.command:
        case EscalateCase(case=case):
            return tr("Case {number} escalated", number=case.number)
        case SolveWithAnswer(case=case):
            return tr("Case {number} solved", number=case.number)
        case SolveCase(case_id=case_id):
            return tr("Case {number} solved", number=case_number(case_id))
        case ReturnCase(case_id=case_id):
            return tr("Case {number} returned", number=case_number(case_id))
        case RecordCall(call=call):
            return tr(
                "Record of the call {number}",
                number=call.caller.display_name or readable(call.caller.normal or call.caller.raw),
            )
        case SetAgentState(agent=agent):
            return tr("My state: {state}", state=label(agent.state))
        case ClaimNext():
            return tr("Claim of the next case")
        case ReportSearch():
            return tr("Report on searches")
    return tr("Cannot be read: {kind}", kind=entry.kind)


def state_of(entry: Entry) -> str:
    """In one word."""
    return tr("waits") if entry.reason is None else tr("refused")


def reason_of(entry: Entry) -> str:
    """Why it is not delivered."""
    if entry.reason is None:
        return tr("It is kept on this desk and delivered by itself when the database is there.")
    if entry.command is None:
        return tr("This version of Firstline cannot read it. Copy what you need of it, or tell your administrator.")
    return entry.reason


def text_of(entry: Entry) -> str:
    """All that the person typed, as it can be used elsewhere."""
    match entry.command:
        case EscalateCase(case=case, hand_over=given):
            who = " · ".join(filter(None, (given.caller_name, given.caller_number, given.customer_number)))
            return "\n".join(filter(None, (f"{case.number}: {case.title}", who, given.product, given.note)))
        case SolveWithAnswer(case=case, answer=answer, note=note):
            return "\n".join(filter(None, (f"{case.number}: {case.title}", answer.title, note)))
        case RecordCall(note=note):
            return note
        case SolveCase(solution=text) | ReturnCase(reason=text):
            return text
        case None:
            return entry.raw
    return ""
