"""What supervisors and raised hands ask of the database: each kind of command goes to the service that does it."""

from uuid import UUID

from app.db.engine import Database
from app.domain.commands import (
    AssignCase,
    BoardCommand,
    BroadcastNotice,
    ChangeCouncilMode,
    ForgetAlertRule,
    LowerHand,
    PrioritiseCase,
    RaiseHand,
    SeeAlert,
    SeeNotice,
    SetAlertRule,
    SignOutAgent,
    WithdrawNotice,
    WriteToHand,
)
from app.services import alert_rules, alerts
from app.services.case_direction import CaseDirection
from app.services.hands import Hands
from app.services.notices import Notices
from app.services.people import People
from app.services.rules import Rules
from app.services.works_council import WorksCouncil


class BoardDeeds:
    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        self._database = database
        self._direction = CaseDirection(database, rules)
        self._hands = Hands(database)
        self._notices = Notices(database)
        self._people = People(database)
        self._council = WorksCouncil(database)

    def apply(self, command: BoardCommand) -> UUID | None:
        """Do the command, once; the id of what it was about."""
        match command:
            case PrioritiseCase():
                return self._direction.prioritise(command)
            case AssignCase():
                return self._direction.assign(command)
            case SeeAlert():
                return alerts.see(self._database, command)
            case BroadcastNotice():
                return self._notices.broadcast(command)
            case WithdrawNotice():
                return self._notices.withdraw(command)
            case SeeNotice():
                return self._notices.see(command)
            case RaiseHand():
                return self._hands.raise_(command)
            case WriteToHand():
                return self._hands.write(command)
            case LowerHand():
                return self._hands.lower(command)
            case SignOutAgent():
                return self._people.sign_out(command)
            case ChangeCouncilMode():
                return self._council.apply(command)
            case SetAlertRule() | ForgetAlertRule():
                return alert_rules.apply(self._database, command)
