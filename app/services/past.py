"""All of the past that a desk asks for."""

from datetime import UTC, datetime

from app.db.engine import Database
from app.domain.history.requests import Answer, Request
from app.services.histories import Histories
from app.services.person_records import PersonRecords
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil


class Past:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.histories = Histories(database)
        self.records = PersonRecords(database)
        self.council = WorksCouncil(database)

    def ask(self, request: Request) -> Answer:
        """The figures of past days; a file of one desk has nobody else who sums them up."""
        if self._database.is_sqlite:
            RollUps(self._database).run(datetime.now(UTC))
        return self.histories.ask(request)
