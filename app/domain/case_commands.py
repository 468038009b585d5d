"""What second and third level ask the shared database to do with a case."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.bookings import Booking
from app.domain.case_filters import SavedFilter
from app.domain.cases import Level, PassedDown, WaitReason
from app.domain.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNext(Command):
    """Take the most urgent waiting case of a level."""

    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase(Command):
    """Take this one, if it still waits."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveCase(Command):
    """At third level with what became of the solution below, or the reason why nothing did."""

    case_id: UUID
    solution: str
    passed_down: PassedDown | None = None
    kept_back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCase(Command):
    """Back to the level that passed it on, with the reason."""

    case_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(Command):
    """The person who has the case waits for somebody outside; the clock of the customer's promise stands still."""

    case_id: UUID
    reason: WaitReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(Command):
    """It waits no more."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOnCase(Command):
    """Time worked, or what the customer agreed to, on a case that is in the database."""

    case_id: UUID
    booking: Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviseCase(Command):
    """Third level's work on its case is done: it goes back to second level with the advice."""

    case_id: UUID
    advice: str
    passed_down: PassedDown | None = None
    kept_back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCase(Command):
    """Back into the queue that it was claimed from."""

    case_id: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequeueCase(Command):
    """Back into its queue, although `owner_id` has it: that person is not there."""

    case_id: UUID
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCase(Command):
    """The hand-over is enough to work with."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack(Command):
    """Ask whoever handed the case over; the case stays. The command's id is the question's."""

    case_id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult(Command):
    """Ask a higher level; the case stays. The command's id is the question's."""

    case_id: UUID
    text: str
    level: Level = Level.THIRD


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Command):
    """Of who was asked, or advice by anybody of the level that was asked."""

    question_id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantContact(Command):
    """Third level may see how the customer of this case is reached, or not any more."""

    case_id: UUID
    is_granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFilter(Command):
    """A filter of the person's own, new or changed."""

    filter: SavedFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetFilter(Command):
    filter_id: UUID


# Whoever claims waits for the case now: an unanswered claim is settled, never carried out late.
Claim = ClaimNext | ClaimCase

CaseCommand = (
    ClaimNext
    | ClaimCase
    | SolveCase
    | ReturnCase
    | SuspendCase
    | ResumeCase
    | BookOnCase
    | AdviseCase
    | ReleaseCase
    | RequeueCase
    | AcceptCase
    | AskBack
    | Consult
    | AnswerQuestion
    | GrantContact
    | KeepFilter
    | ForgetFilter
)
