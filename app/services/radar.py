"""The radar: looks whether many ask about the same at once, and raises a known-problem candidate, exactly once.

The desks of second level and supervisors look. One row in the database says when somebody looked last, so that of many
desks one looks each two seconds; and a candidate is written under a lock, only if no problem was made since it was
looked for. So it does not matter how many look. Nothing is written by an escalation for it: its timeline is read.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.locks import Lock
from app.db.one_statement import insert_into
from app.db.problem_rows import ProblemCaseRow, ProblemRow, RadarRow, SightingRow
from app.db.rows import CaseRow, CustomerRow, ProductRow, TimelineRow
from app.domain.cases import CaseEvent, Level
from app.domain.ids import new_id
from app.domain.problems import OPEN_STATES, Link, Origin, ProblemState, ProblemWords
from app.domain.radar import LOOKS_BACK, Cluster, Fact, RadarSettings
from app.domain.topics import Topic
from app.i18n import tr
from app.search.clusters import Usual, features_of, find_cluster
from app.search.likeness import ALIKE, Commonness, Features, features, likeness_to_problem
from app.search.text import words
from app.services.once import tell
from app.services.problem_statements import new_values
from app.services.radar_settings import settings_of

APART = timedelta(seconds=2)  # between two looks, of whichever desks
USUAL_FOR_S = 600.0  # what is usual is read again after
MOST_USUAL = 3_000  # facts
MOST = 300  # facts of one window: with more the newest decide


class Radar:
    """Of one desk; not for several threads."""

    def __init__(self, database: Database, person_id: UUID) -> None:
        self._database = database
        self._person_id = person_id
        self._usual, self._common = Usual(), Commonness()
        self._usual_at_s: float | None = None  # of the monotonic clock

    def take_turn(self) -> bool:
        """Whether it is for this desk to look now: nobody has, for two seconds by the database's clock."""
        now: Any = datetime.now(UTC) if self._database.is_sqlite else func.now()
        turn = update(RadarRow).where(RadarRow.case_count > 0, RadarRow.looked_at <= now - APART)
        with self._database.write() as session:
            taken = turn.values(looked_at=now).returning(RadarRow.name)
            return session.execute(taken, execution_options={"synchronize_session": False}).first() is not None

    def look(self, now: datetime) -> UUID | None:
        """The candidate that was raised; None: nothing new. Cases of what is known are suggested to it."""
        with self._database.read() as session:
            settings = settings_of(session)
            if not settings.case_count:
                return None
            facts = _facts(session, now - settings.window, MOST)
            newest, known = _known(session, now - settings.rest)
            linked = _linked(session, facts)
            self._learn(session, now, settings)
        fresh = [fact for fact in facts if fact.case_id not in linked]
        explained = {fact.key: _explaining(fact, known, self._common) for fact in fresh}
        suggestions = [(fact, to) for fact in fresh if (to := explained[fact.key]) and to.is_open and fact.case_id]
        rest = [fact for fact in fresh if explained[fact.key] is None]
        cluster = find_cluster(rest, self._usual, settings, self._common)
        if suggestions:
            self._suggest(suggestions, now)
        return self._raise(cluster, newest, now) if cluster else None

    def _learn(self, session: Session, now: datetime, settings: RadarSettings) -> None:
        """What comes on other days, and which words say little: read again each ten minutes."""
        is_known = self._usual_at_s is not None and time.monotonic() - self._usual_at_s < USUAL_FOR_S
        if is_known:
            return
        before = _facts(session, now - LOOKS_BACK, MOST_USUAL)
        past = [fact for fact in before if fact.at < now - settings.window]
        self._usual = Usual.of(past)
        self._common = Commonness.of(self._usual.texts)
        self._usual_at_s = time.monotonic()

    def _suggest(self, found: Sequence[tuple[Fact, "_Known"]], now: datetime) -> None:
        with self._database.write() as session:
            for fact, known in found:
                _link(session, known.id, fact.case_id, self._person_id, now)
                tell(session, Topic.PROBLEMS, known.id)

    def _raise(self, cluster: Cluster, newest: int, now: datetime) -> UUID | None:
        """Write the candidate; None when somebody made a problem since: the next look sees it."""
        problem_id = new_id()
        found = ProblemWords(
            title=cluster.title or tr("Many ask about the same"),
            symptoms="\n".join(cluster.symptoms),
            products=cluster.products,
        )
        values = new_values(problem_id, found, ProblemState.CANDIDATE, Origin.RADAR, self._person_id, now)
        with self._database.write() as session:
            if not self._database.is_sqlite:
                session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.RADAR})
            if (session.scalar(_NEWEST) or 0) != newest:
                return None
            session.execute(insert(ProblemRow).values(**values))
            for fact in cluster.facts:
                _link(session, problem_id, fact.case_id, self._person_id, now)
            tell(session, Topic.PROBLEMS, problem_id)
        return problem_id


class _Known:
    """A problem that explains facts: open, or dismissed lately."""

    def __init__(self, row: Any) -> None:
        self.id: UUID = row.id
        self.is_open = row.state in OPEN_STATES
        self._products = tuple(row.products)
        self._text = f"{row.title}\n{row.symptoms}"

    def score(self, fact: Features, common: Commonness) -> float:
        about = fact.product if fact.product in self._products else next(iter(self._products), "")
        return likeness_to_problem(fact, features(self._text, about), common).score


def _explaining(fact: Fact, known: Sequence[_Known], common: Commonness) -> _Known | None:
    said = features_of(fact)
    scored = [(one.score(said, common), place) for place, one in enumerate(known)]
    best, place = max(scored, default=(0.0, 0))
    return known[place] if best >= ALIKE else None


def _known(session: Session, rested_at: datetime) -> tuple[int, list[_Known]]:
    """The highest number, and the problems that explain."""
    is_rested = (ProblemRow.state == ProblemState.REJECTED) & (ProblemRow.state_since > rested_at)
    query = select(ProblemRow).where(ProblemRow.state.in_(OPEN_STATES) | is_rested)
    return session.scalar(_NEWEST) or 0, [_Known(row) for row in session.scalars(query)]


def _linked(session: Session, facts: Sequence[Fact]) -> set[UUID]:
    ids = [fact.case_id for fact in facts if fact.case_id]
    return set(session.scalars(select(ProblemCaseRow.case_id).where(ProblemCaseRow.case_id.in_(ids))))


def _link(session: Session, problem_id: UUID, case_id: UUID | None, by: UUID, at: datetime) -> None:
    """Suggest the case; one that is linked with the problem already stays as it is."""
    if case_id:
        values = {"problem_id": problem_id, "case_id": case_id, "link": Link.SUGGESTED, "at": at, "by": by}
        statement = insert_into(session.get_bind().dialect.name, ProblemCaseRow).values(values)
        session.execute(statement.on_conflict_do_nothing())


def _facts(session: Session, since: datetime, most: int) -> list[Fact]:
    """The newest first; a case that was escalated twice counts once."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    query = _ESCALATIONS if is_sqlite else text("SELECT * FROM firstline.escalations_since(:since, :most)")
    found: dict[str, Fact] = {}
    for row in session.execute(query, {"since": since, "most": most}):
        found.setdefault(str(row.case_id), _fact(row))
    seen = select(SightingRow).where(SightingRow.at >= since).order_by(SightingRow.at.desc()).limit(most)
    for sighting in session.scalars(seen):
        key = f"s{sighting.id}"
        found[key] = Fact(key=key, at=sighting.at, texts=(sighting.text,), product=sighting.product)
    return sorted(found.values(), key=lambda fact: fact.at, reverse=True)[:most]


def _fact(row: Any) -> Fact:
    own = frozenset(words(row.own))
    texts = tuple(dict.fromkeys((row.title, *(row.searches or ()))))
    return Fact(
        key=str(row.case_id), at=row.at, texts=texts, product=row.product, case_id=row.case_id, who=row.own, own=own
    )


_NEWEST = select(func.max(ProblemRow.number))
_OWN = (
    func.coalesce(TimelineRow.hand_over["caller_name"].as_string(), "")
    + " "
    + func.coalesce(TimelineRow.hand_over["customer_number"].as_string(), "")
    + " "
    + func.coalesce(CustomerRow.name, "")
)
_ESCALATIONS = (
    select(
        TimelineRow.case_id,
        TimelineRow.at,
        func.coalesce(ProductRow.code, "").label("product"),
        CaseRow.title,
        TimelineRow.hand_over["searches"].label("searches"),
        _OWN.label("own"),
    )
    .join(CaseRow, CaseRow.id == TimelineRow.case_id)
    .outerjoin(ProductRow, ProductRow.id == CaseRow.product_id)
    .outerjoin(CustomerRow, CustomerRow.id == CaseRow.customer_id)
    .where(TimelineRow.event == CaseEvent.ESCALATED, TimelineRow.from_level == Level.FIRST)
    .where(TimelineRow.at >= bindparam("since", type_=TimelineRow.__table__.c.at.type))
    .limit(bindparam("most"))
    .order_by(TimelineRow.at.desc())
)
