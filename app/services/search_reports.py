"""What calls tell about the answers: recorded without the person, summed up as popularity, grouped as gaps."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.db.answer_rows import AnswerUseRow, SearchGapRow
from app.db.engine import Database
from app.db.one_statement import NewRow
from app.db.problem_rows import SightingRow
from app.domain import answer_use, search_report
from app.domain.answer_use import UseKind, faded, weight_of
from app.domain.commands import ReportSearch
from app.domain.radar import LOOKS_BACK
from app.domain.search_report import GapKind
from app.services.once import Attempt, apply_once

_SIGHTING_LENGTH = 400  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedGap:
    """One text that was searched in vain, how often, and when last."""

    text: str
    kind: GapKind
    language: str
    product: str
    count: int
    last_on: date


class SearchReports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, command: ReportSearch) -> UUID | None:
        """Append what a finished call tells; nothing of it says whose call it was."""
        return apply_once(self._database, command, _record)

    def use_counts(self, today: date) -> dict[UUID, dict[UseKind, float]]:
        """Faded counts of uses by answer and kind: the sums are the database's, one row an answer and kind."""
        query = (
            select(AnswerUseRow.answer_id, AnswerUseRow.kind, func.sum(AnswerUseRow.count * AnswerUseRow.weight))
            .where(AnswerUseRow.day >= today - answer_use.KEPT, AnswerUseRow.kind.not_in((UseKind.READ, UseKind.SHOWN)))
            .group_by(AnswerUseRow.answer_id, AnswerUseRow.kind)
        )
        found: dict[UUID, dict[UseKind, float]] = defaultdict(dict)
        with self._database.read() as session:
            for answer_id, kind, weights in session.execute(query):
                found[answer_id][kind] = faded(weights, today)
        return dict(found)

    def gaps(self, today: date, within: timedelta) -> tuple[CountedGap, ...]:
        """Searches in vain of the last days, the most frequent first; never older than they are kept."""
        row = SearchGapRow
        count, last_on = func.count(), func.max(row.day)
        query = (
            select(row.text, row.kind, row.language, row.product, count.label("count"), last_on.label("last_on"))
            .where(row.day > today - min(within, search_report.KEPT))
            .group_by(row.text, row.kind, row.language, row.product)
            .order_by(count.desc(), row.text)
        )
        with self._database.read() as session:
            return tuple(CountedGap(**found._mapping) for found in session.execute(query))

    def tidy(self, today: date) -> int:
        """Remove what is older than it is kept, and fold the uses of each past day into one row; the count removed."""
        with self._database.write() as session:
            old = (
                delete(SearchGapRow).where(SearchGapRow.day <= today - search_report.KEPT),
                delete(AnswerUseRow).where(AnswerUseRow.day < today - answer_use.KEPT),
            )
            begin = datetime.combine(today, time(), UTC) - LOOKS_BACK
            session.execute(delete(SightingRow).where(SightingRow.at < begin))  # the radar's, and no report's
            removed = sum(len(session.scalars(d.returning(d.table.c.id)).all()) for d in old)
            return removed + _fold(session, today)


def _record(attempt: Attempt[ReportSearch]) -> None:
    """Rows alone: about no subject, so that no desk reads anything again."""
    command = attempt.command
    day = command.at.astimezone(UTC).date()
    weight = weight_of(day)
    uses = (
        NewRow(
            row=AnswerUseRow,
            values={"answer_id": use.answer_id, "kind": use.kind, "day": day, "count": 1, "weight": weight},
        )
        for use in command.uses
    )
    gaps = (
        NewRow(
            row=SearchGapRow,
            values={"kind": gap.kind, "day": day, "language": gap.language, "product": gap.product, "text": gap.text},
        )
        for gap in command.gaps
    )
    attempt.note(*uses, *gaps, *_sighting(command))


def _sighting(command: ReportSearch) -> tuple[NewRow, ...]:
    """What the call looked for in vain, for the radar; an escalation tells it itself, by the timeline."""
    missed = [gap for gap in command.gaps if gap.kind is GapKind.NOT_FOUND]
    if command.is_escalated or not missed:
        return ()
    minute = command.at.replace(second=0, microsecond=0)
    text = "\n".join(gap.text for gap in missed)[:_SIGHTING_LENGTH]
    return (NewRow(row=SightingRow, values={"at": minute, "product": missed[0].product, "text": text}),)


def _fold(session: Session, today: date) -> int:
    """One row for those of an answer, kind and past day; what was deleted is what is added up."""
    row = AnswerUseRow
    crowded = (
        select(row.answer_id, row.kind, row.day)
        .where(row.day < today)
        .group_by(row.answer_id, row.kind, row.day)
        .having(func.count() > 1)
    )
    removed = 0
    for answer_id, kind, day in session.execute(crowded).all():
        same = (row.answer_id == answer_id, row.kind == kind, row.day == day)
        counts = session.scalars(delete(row).where(*same).returning(row.count)).all()
        values = {"answer_id": answer_id, "kind": kind, "day": day, "count": sum(counts), "weight": weight_of(day)}
        session.execute(insert(row).values(**values))
        removed += len(counts) - 1
    return removed


def today() -> date:
    """The day that reports are dated by."""
    return datetime.now(UTC).date()
