"""All that a person typed in a command, as it can be copied and used elsewhere: as it was typed, a text a paragraph."""

from app.domain.answers import Answer
from app.domain.bookings import Booking
from app.domain.commands import (
    AdaptWorkaround,
    AdviseCase,
    AnswerQuestion,
    AnyCommand,
    AskBack,
    AttachNumber,
    BookOnCase,
    BroadcastNotice,
    ChangeCouncilMode,
    Consult,
    EditProblem,
    EscalateCase,
    FlagAnswer,
    KeepFilter,
    MakeProblem,
    MoveAnswer,
    MoveCallBack,
    MoveDraft,
    MoveProblem,
    PromiseCallBack,
    RaiseHand,
    RecordCall,
    ReleaseCase,
    ReportSearch,
    ReturnCase,
    SetAlertRule,
    SettleFlag,
    SolveCase,
    SolveProblem,
    SolveWithAnswer,
    SuspendCase,
    WriteDraft,
    WriteToHand,
)
from app.domain.problems import ProblemWords


def text_of_command(command: AnyCommand) -> str:
    """Empty where nothing was typed."""
    match command:
        case EscalateCase(case=case, hand_over=given):
            who = " · ".join(filter(None, (given.caller_name, given.caller_number, given.customer_number)))
            return _lines(f"{case.number}: {case.title}", who, given.product, given.note, given.promised)
        case SolveWithAnswer(case=case, answer=answer, note=note):
            return _lines(f"{case.number}: {case.title}", answer.title, note)
        case MakeProblem(words=words) | EditProblem(words=words):
            return _of_problem(words)
        case WriteDraft(answer=answer):
            return _of_answer(answer)
        case BookOnCase(booking=booking):
            return _of_booking(booking)
        case PromiseCallBack(call_back=one):
            return _lines(one.name, one.number, one.note)
        case ReportSearch(gaps=gaps):
            return _lines(*(gap.text for gap in gaps))
        case SolveCase(solution=text) | AdviseCase(advice=text):
            return _lines(text, command.passed_down.title if command.passed_down else "", command.kept_back)
        case SetAlertRule():
            thresholds = f"{command.raise_milli / 1_000:g} / {command.clear_milli / 1_000:g}"
            watched = f"{command.days}, {command.opens}–{command.closes} {command.zone}"
            return _lines(thresholds, f"{command.hold_s} s / {command.quiet_s} s", watched)
    return _one_text(command)


def _one_text(command: AnyCommand) -> str:
    """Of a command that has one text at most."""
    match command:
        case RecordCall(note=text) | SuspendCase(note=text):
            return text
        case ReturnCase(reason=text) | ReleaseCase(reason=text) | ChangeCouncilMode(reason=text):
            return text
        case AskBack(text=text) | Consult(text=text) | AnswerQuestion(text=text):
            return text
        case SolveProblem(solution=text) | MoveProblem(said=text) | AdaptWorkaround(text=text):
            return text
        case MoveDraft(text=text) | MoveAnswer(text=text) | FlagAnswer(text=text) | SettleFlag(text=text):
            return text
        case BroadcastNotice(text=text) | WriteToHand(text=text) | RaiseHand(about=text):
            return text
        case MoveCallBack(number=text) | AttachNumber(normal=text):
            return text
        case KeepFilter(filter=kept):
            return kept.name
    return ""


def _of_problem(words: ProblemWords) -> str:
    products = ", ".join(words.products)
    return _lines(words.title, words.symptoms, words.cause, words.workaround, products, words.versions)


def _of_answer(answer: Answer) -> str:
    found = (", ".join(answer.keywords), ", ".join(answer.products))
    return _lines(
        answer.title, *answer.variants, answer.body, *answer.steps, answer.closing, answer.script, *found,
        answer.known_problem,
    )  # fmt: skip


def _of_booking(booking: Booking) -> str:
    minutes = f"{booking.minutes} min" if booking.minutes else ""
    charge = f"{booking.charge.net.amount} {booking.charge.net.currency}" if booking.charge else ""
    return _lines(booking.text, minutes, charge)


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))
