"""How the radar is set in the shared database; each desk reads it when it looks, so a change holds at once."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.problem_rows import RadarRow
from app.domain.radar import RadarSettings, refuse_bad

_MINUTE = timedelta(minutes=1)


class RadarRule:
    """What supervisors and administrators say of the radar."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> RadarSettings:
        with self._database.read() as session:
            return settings_of(session)

    def set(self, wanted: RadarSettings) -> None:
        """NotAllowed with a sentence when the radar cannot be set like this."""
        refuse_bad(wanted)
        values = {
            "case_count": wanted.case_count,
            "window_min": wanted.window // _MINUTE,
            "rest_min": wanted.rest // _MINUTE,
        }
        with self._database.write() as session:
            session.execute(update(RadarRow).values(**values), execution_options={"synchronize_session": False})


def settings_of(session: Session) -> RadarSettings:
    row = session.execute(select(RadarRow.case_count, RadarRow.window_min, RadarRow.rest_min)).one()
    return RadarSettings(case_count=row.case_count, window=row.window_min * _MINUTE, rest=row.rest_min * _MINUTE)
