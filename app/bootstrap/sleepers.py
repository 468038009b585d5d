"""What works by itself at a person's desk beside the person, and which topics make it do so."""

from collections.abc import Mapping
from datetime import UTC, datetime

from app.db.engine import Database
from app.desk.alarm_clock import AlarmClock
from app.desk.at_work import AtWork
from app.desk.lookout import Lookout
from app.desk.sleeper import Sleeper
from app.domain.people import Person, Role
from app.domain.topics import Topic
from app.services.leases import Leases
from app.services.radar import Radar
from app.services.reckoning import Reckoning

LEVELS = frozenset({Role.FIRST_LEVEL, Role.SECOND_LEVEL, Role.THIRD_LEVEL})  # only who may have cases has leases
LOOK_OUT = frozenset({Role.SECOND_LEVEL, Role.SUPERVISOR})  # decide about known problems, or know of them at once


def make_sleepers(
    database: Database, person: Person, leases: Leases, reckoning: Reckoning
) -> Mapping[Sleeper, frozenset[Topic]]:
    """Those that this person's roles ask for, not started, each with the topics whose change it is told of."""
    sleepers: dict[Sleeper, frozenset[Topic]] = {}
    if LEVELS & person.roles:
        sleepers[AtWork(leases.renew, leases.hand_back, leases.span)] = frozenset({Topic.CASES})
    if LOOK_OUT & person.roles:
        radar = Radar(database, person.id)
        sleepers[Lookout(radar.take_turn, lambda: radar.look(datetime.now(UTC)))] = frozenset({Topic.CASES})
    if Role.SUPERVISOR in person.roles:
        sleepers[AlarmClock(reckoning.raise_due)] = frozenset({Topic.CASES, Topic.RULES})
    return sleepers
