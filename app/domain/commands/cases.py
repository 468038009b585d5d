"""What second and third level ask the shared database to do with a case."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.bookings import Booking
from app.domain.case_filters import SavedFilter
from app.domain.cases import Level, WaitReason
from app.domain.commands.base import Command
from app.domain.passing_down import PassedDown


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNext(Command):
    """Take the most urgent waiting case of a level."""

    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCase(Command):
    """About one case that is in the database."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase(OfCase):
    """Take this one, if it still waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveCase(OfCase):
    """At third level with what became of the solution below, or the reason why nothing did."""

    solution: str
    passed_down: PassedDown | None = None
    kept_back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCase(OfCase):
    """Back to the level that passed it on, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(OfCase):
    """The person who has the case waits for somebody outside; the clock of the customer's promise stands still."""

    reason: WaitReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(OfCase):
    """It waits no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOnCase(OfCase):
    """Time worked, or what the customer agreed to, on a case that is in the database."""

    booking: Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviseCase(OfCase):
    """Third level's work on its case is done: it goes back to second level with the advice."""

    advice: str
    passed_down: PassedDown | None = None
    kept_back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCase(OfCase):
    """Back into the queue that it was claimed from."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequeueCase(OfCase):
    """Back into its queue, although `owner_id` has it: that person is not there."""

    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCase(OfCase):
    """The hand-over is enough to work with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack(OfCase):
    """Ask whoever handed the case over; the case stays. The command's id is the question's."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult(OfCase):
    """Ask a higher level; the case stays. The command's id is the question's."""

    text: str
    level: Level = Level.THIRD


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Command):
    """Of who was asked, or advice by anybody of the level that was asked."""

    question_id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantContact(OfCase):
    """Third level may see how the customer of this case is reached, or not any more."""

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

# About one case that is in the database: its `case_id`.
OneCaseCommand = (
    ClaimCase
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
    | GrantContact
)

CaseCommand = ClaimNext | OneCaseCommand | AnswerQuestion | KeepFilter | ForgetFilter
