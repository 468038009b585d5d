"""What people do about known problems."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.commands.base import Command
from app.domain.problems import ProblemState, ProblemWords


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeProblem(Command):
    """A new known problem: a candidate, or confirmed at once; with the case that it was seen in, if there is one."""

    problem_id: UUID
    words: ProblemWords
    is_confirmed: bool = False
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditProblem(Command):
    """Other words; refused when somebody else changed those of `revision` meanwhile.

    Attributes:
        follows: the person's own command that makes `revision`, when that was not read but is still to be made.
    """

    problem_id: UUID
    words: ProblemWords
    revision: int
    follows: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveProblem(Command):
    """Confirm (and attach the cases that the radar saw), reject, or open again; to solve it is `SolveProblem`."""

    problem_id: UUID
    to: ProblemState
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveProblem(Command):
    """Solved, and with it each attached case, but those that came back to first level after `seen_at`.

    Attributes:
        seen_at: when the person read the list of cases.
    """

    problem_id: UUID
    solution: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachCase(Command):
    """The case is one of this known problem."""

    problem_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachCase(Command):
    """The case is none of this known problem, or not any more."""

    problem_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptWorkaround(Command):
    """The workaround of the case's known problem, as it is done for this customer."""

    case_id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSolvedCallBacks(Command):
    """Everybody whose case was solved with the problem shall be called; once each, however often it is asked."""

    problem_id: UUID
    due_at: datetime


ProblemCommand = (
    MakeProblem
    | EditProblem
    | MoveProblem
    | SolveProblem
    | AttachCase
    | DetachCase
    | AdaptWorkaround
    | PromiseSolvedCallBacks
)
