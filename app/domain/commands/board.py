"""What supervisors ask the shared database to do, and what agents ask of supervisors."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.alerts import AlertKey, AlertRule, ServiceHours
from app.domain.board_figures import Measure
from app.domain.cases import Level, Priority
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
    """Put a state right: the desk died, and the person is not there. One that came into a state after `since` lives."""

    person_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritiseCase(Command):
    """How urgent a case of second or third level is from now on."""

    case_id: UUID
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCase(Command):
    """This person of the case's level has it from now on; None: nobody, it goes back into its queue.

    Attributes:
        from_first: it was seen at first level, and goes to nobody there. Without that, one that is there has moved on.
    """

    case_id: UUID
    person_id: UUID | None
    from_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCouncilMode(Command):
    """Tell of groups of five people or more alone, or of single ones again; everybody reads who decided, and why."""

    is_on: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAlertRule(Command):
    """Watch a figure like this from now on, on all boards. As plain values: a journal keeps no fractions and zones."""

    measure: Measure
    queue: str = ""  # of all
    level: int = 0  # of all
    raise_milli: int
    clear_milli: int
    hold_s: int
    quiet_s: int
    days: str
    opens: str  # "07:00"
    closes: str
    zone: str
    is_on: bool

    @property
    def rule(self) -> AlertRule:
        """With fractions and zone."""
        return AlertRule(
            key=AlertKey(
                measure=self.measure, queue=self.queue or None, level=Level(self.level) if self.level else None
            ),
            raise_at=Fraction(self.raise_milli, 1_000),
            clear_at=Fraction(self.clear_milli, 1_000),
            hold=timedelta(seconds=self.hold_s),
            quiet=timedelta(seconds=self.quiet_s),
            hours=ServiceHours(
                days=self.days,
                opens=time.fromisoformat(self.opens),
                closes=time.fromisoformat(self.closes),
                zone=ZoneInfo(self.zone),
            ),
            is_on=self.is_on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetAlertRule(Command):
    """Watch a figure as the program does by itself, or not at all."""

    measure: Measure
    queue: str = ""
    level: int = 0

    @property
    def key(self) -> AlertKey:
        return AlertKey(measure=self.measure, queue=self.queue or None, level=Level(self.level) if self.level else None)


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
    | SetAlertRule
    | ForgetAlertRule
)
