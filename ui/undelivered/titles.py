"""What a command does, in words. One that is new and has none here is a type error."""

from typing import assert_never

from app.domain.commands import (
    AcceptCase,
    AdaptWorkaround,
    AdviseCase,
    AgentCommand,
    AnswerQuestion,
    AnyCommand,
    AskBack,
    AssignCase,
    AttachCase,
    AttachNumber,
    AttemptCallBack,
    BoardCommand,
    BookOnCase,
    BroadcastNotice,
    CaseCommand,
    ChangeCouncilMode,
    ClaimCase,
    ClaimNext,
    CloseCallBack,
    Consult,
    DetachCase,
    EditProblem,
    EscalateCase,
    FlagAnswer,
    ForgetAlertRule,
    ForgetFilter,
    GrantContact,
    KeepFilter,
    KnowledgeCommand,
    LowerHand,
    MakeProblem,
    MoveAnswer,
    MoveCallBack,
    MoveDraft,
    MoveProblem,
    NoteFirstCould,
    OneCaseCommand,
    PrioritiseCase,
    ProblemCommand,
    PromiseCallBack,
    PromiseSolvedCallBacks,
    RaiseHand,
    RecordCall,
    ReleaseCase,
    ReportSearch,
    RequeueCase,
    ResumeCase,
    ReturnCase,
    SeeAlert,
    SeeMessages,
    SeeNotice,
    SetAgentState,
    SetAlertRule,
    SettleFlag,
    SignOutAgent,
    SolveCase,
    SolveProblem,
    SolveWithAnswer,
    SuspendCase,
    WithdrawNotice,
    WriteDraft,
    WriteToHand,
)
from app.domain.ids import case_number
from app.i18n import tr
from app.telephony.numbers import readable
from ui.labels import label


def title_of_command(command: AnyCommand) -> str:
    """What it does, and to what."""
    if isinstance(command, AgentCommand):
        return _of_agent(command)
    if isinstance(command, CaseCommand):
        return _of_case(command)
    if isinstance(command, ProblemCommand):
        return _of_problem(command)
    if isinstance(command, KnowledgeCommand):
        return _of_knowledge(command)
    return _of_board(command)


def _of_agent(command: AgentCommand) -> str:
    match command:
        case EscalateCase(case=case):
            return tr("Case {number} escalated", number=case.number)
        case SolveWithAnswer(case=case):
            return tr("Case {number} solved", number=case.number)
        case RecordCall(call=call):
            caller = call.caller
            return tr(
                "Record of the call {number}", number=caller.display_name or readable(caller.normal or caller.raw)
            )
        case AttachNumber(normal=normal):
            return tr("Number {number} noted with the customer", number=readable(normal))
        case SetAgentState(agent=agent):
            return tr("My state: {state}", state=label(agent.state))
        case ReportSearch():
            return tr("Report on searches")
        case PromiseCallBack(call_back=one):
            return tr("Call-back promised: {who}", who=one.name or readable(one.number))
        case AttemptCallBack():
            return tr("Call-back tried")
        case MoveCallBack():
            return tr("Call-back moved to another time")
        case CloseCallBack(is_done=is_done):
            return tr("Call-back done") if is_done else tr("Call-back dropped")
        case _:
            assert_never(command)


def _of_case(command: CaseCommand) -> str:
    match command:
        case ClaimNext():
            return tr("Claim of the next case")
        case KeepFilter(filter=kept):
            return tr("Filter “{name}” kept", name=kept.name)
        case ForgetFilter():
            return tr("Filter removed")
        case AnswerQuestion():
            return tr("Answer to a question")
        case _:
            return _of_one_case(command, case_number(command.case_id))


def _of_one_case(command: OneCaseCommand, number: str) -> str:
    match command:
        case ClaimCase():
            return tr("Case {number} claimed", number=number)
        case SolveCase():
            return tr("Case {number} solved", number=number)
        case ReturnCase():
            return tr("Case {number} returned", number=number)
        case SuspendCase(reason=reason):
            return tr("Case {number}: {what}", number=number, what=label(reason))
        case ResumeCase():
            return tr("Case {number} goes on", number=number)
        case BookOnCase(booking=booking):
            return tr("Case {number}: {what}", number=number, what=label(booking.kind))
        case AdviseCase():
            return tr("Case {number} given back with advice", number=number)
        case ReleaseCase() | RequeueCase():
            return tr("Case {number} back into the queue", number=number)
        case AcceptCase():
            return tr("Case {number} accepted", number=number)
        case AskBack():
            return tr("Question back on case {number}", number=number)
        case Consult(level=level):
            return tr("Question to {level} on case {number}", level=label(level), number=number)
        case GrantContact(is_granted=is_granted):
            if is_granted:
                return tr("Case {number}: contact shown to third level", number=number)
            return tr("Case {number}: contact hidden from third level", number=number)
        case _:
            assert_never(command)


def _of_problem(command: ProblemCommand) -> str:
    match command:
        case MakeProblem(words=words):
            return tr("New known problem: {title}", title=words.title)
        case EditProblem(words=words):
            return tr("Known problem changed: {title}", title=words.title)
        case MoveProblem(to=to):
            return tr("Known problem: {state}", state=label(to))
        case SolveProblem():
            return tr("Known problem solved")
        case AttachCase(case_id=case_id):
            return tr("Case {number} attached to a known problem", number=case_number(case_id))
        case DetachCase(case_id=case_id):
            return tr("Case {number} detached from its known problem", number=case_number(case_id))
        case AdaptWorkaround(case_id=case_id):
            return tr("Workaround of case {number}", number=case_number(case_id))
        case PromiseSolvedCallBacks():
            return tr("Call-backs for a solved problem")
        case _:
            assert_never(command)


def _of_knowledge(command: KnowledgeCommand) -> str:
    match command:
        case WriteDraft(answer=answer):
            return tr("Draft: {title}", title=answer.title)
        case MoveDraft(event=event):
            return tr("Draft: {step}", step=label(event))
        case MoveAnswer(event=event):
            return tr("Answer: {step}", step=label(event))
        case FlagAnswer():
            return tr("Remark on an answer")
        case SettleFlag():
            return tr("Remark on an answer settled")
        case SeeMessages():
            return tr("Messages read")
        case NoteFirstCould(case_id=case_id):
            return tr("First level could have solved case {number}", number=case_number(case_id))
        case _:
            assert_never(command)


def _of_board(command: BoardCommand) -> str:
    match command:
        case PrioritiseCase(case_id=case_id, priority=priority):
            return tr("Case {number}: {what}", number=case_number(case_id), what=label(priority))
        case AssignCase(case_id=case_id):
            return tr("Case {number} assigned", number=case_number(case_id))
        case SeeAlert():
            return tr("Alert seen")
        case BroadcastNotice():
            return tr("Notice to desks")
        case WithdrawNotice():
            return tr("Notice withdrawn")
        case SeeNotice():
            return tr("Notice read")
        case RaiseHand():
            return tr("Hand raised")
        case WriteToHand():
            return tr("Line to a raised hand")
        case LowerHand():
            return tr("Hand lowered")
        case SignOutAgent():
            return tr("An agent signed out")
        case ChangeCouncilMode():
            return tr("Works-council mode changed")
        case SetAlertRule() | ForgetAlertRule():
            return tr("Alert threshold changed")
        case _:
            assert_never(command)
