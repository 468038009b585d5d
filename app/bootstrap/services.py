"""What a desk asks of the shared database: the services that read it, and the one that does the commands."""

from app.bootstrap.known_rules import KnownRules
from app.db.engine import Database
from app.desk.journal import Journal
from app.domain.people import Person
from app.services.absences import Absences
from app.services.alarms import Alarms
from app.services.boards import Boards
from app.services.bookings import Bookings
from app.services.call_backs import CallBacks
from app.services.case_calls import CaseCalls
from app.services.case_filters import CaseFilters
from app.services.case_lists import CaseLists
from app.services.case_presence import CasePresence
from app.services.commands import Commands
from app.services.customers import Customers
from app.services.knowledge_lists import KnowledgeLists
from app.services.levels import Levels
from app.services.messages import Messages
from app.services.past import Past
from app.services.problem_copy import ProblemCopy
from app.services.problem_lists import ProblemLists
from app.services.questions import Questions
from app.services.search_reports import SearchReports
from app.services.supervision import Supervision


class DeskServices:
    """The part of a desk that its screens read from."""

    def _make_services(self, database: Database, person: Person, journal: Journal) -> None:
        self.absences = Absences(database)
        self.alarms = Alarms(database)
        self.boards = Boards(database)
        self.bookings = Bookings(database)
        self.call_backs = CallBacks(database)
        self.case_filters = CaseFilters(database)
        self.case_calls = CaseCalls(database)
        self.case_presence = CasePresence(database, person.id)
        self.cases = CaseLists(database)
        self.commands = Commands(database)
        self.customers = Customers(database)
        self.levels = Levels(database)
        self.past = Past(database)
        self.questions = Questions(database)
        self.knowledge = KnowledgeLists(database)
        self.messages = Messages(database)
        self.search_reports = SearchReports(database)
        self.supervision = Supervision(database, person)
        self.known_problems = ProblemCopy(database, journal, person)
        self.rulebook = KnownRules(self.commands.rules, journal)

    @property
    def problems(self) -> ProblemLists:
        """The known problems as the shared database has them."""
        return self.known_problems.lists
