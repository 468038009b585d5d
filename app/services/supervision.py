"""What a desk needs for supervisors and of them: alerts, notices, raised hands, who takes a case."""

from zoneinfo import ZoneInfo

from app.adapters.time_zone import name_of_zone
from app.db.engine import Database
from app.domain.people import Person
from app.services.alerts import Alerts
from app.services.case_direction import CaseDirection
from app.services.hands import Hands
from app.services.notices import Notices
from app.services.people import People
from app.services.queue_rules import Queues


class Supervision:
    """Of the desk of one person; the database decides what that person may."""

    def __init__(self, database: Database, person: Person) -> None:
        self.alerts = Alerts(database, person.id, ZoneInfo(name_of_zone()))
        self.direction = CaseDirection(database)
        self.hands = Hands(database)
        self.notices = Notices(database)
        self.queues = Queues(database)
        self.people = People(database)
