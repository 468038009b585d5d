"""What supervisors ask the shared database to do, and what agents ask of supervisors."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.cases import Priority
from app.domain.commands.base import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAlert(Command):
    """Somebody is at it: told once, for all boards. Who was first stays."""

    alert_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastNotice(Command):
    """Show this on the desks of a team (None: on all) until then. The command's id is the notice's."""

    text: str
    until: datetime
    team_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawNotice(Command):
    """It is over before its time."""

    notice_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeNotice(Command):
    """The person has read it."""

    notice_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseHand(Command):
    """An agent asks for help; `about` says with what. The command's id is the hand's."""

    about: str
    call_id: UUID | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteToHand(Command):
    """A line between the agent and the supervisors. The command's id is the line's."""

    hand_id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerHand(Command):
    """The agent needs no help any more."""

    hand_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutAgent(Command):
    """Put a state right: the desk died in the state that began at `since`, and the person is not there."""

    person_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritiseCase(Command):
    """How urgent a case of second or third level is from now on."""

    case_id: UUID
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCase(Command):
    """This person of the case's level has it from now on."""

    case_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCouncilMode(Command):
    """Tell of groups of five people or more alone, or of single ones again; everybody reads who decided, and why."""

    is_on: bool
    reason: str


BoardCommand = (
    PrioritiseCase
    | AssignCase
    | SeeAlert
    | BroadcastNotice
    | WithdrawNotice
    | SeeNotice
    | RaiseHand
    | WriteToHand
    | LowerHand
    | SignOutAgent
    | ChangeCouncilMode
)
