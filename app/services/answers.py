"""The published scripted answers: read by every desk, replaced as a whole file or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import AnswerRow, ProductRow
from app.domain.answers import Answer, Audience
from app.domain.topics import Topic
from app.services.once import tell


class Answers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def published(self, audiences: frozenset[Audience] = frozenset({Audience.FIRST})) -> tuple[Answer, ...]:
        """All published answers for these audiences, by key and language."""
        query = select(AnswerRow).where(AnswerRow.audience.in_(audiences)).order_by(AnswerRow.key, AnswerRow.language)
        with self._database.read() as session:
            return tuple(_answer(row) for row in session.scalars(query))

    def product_codes(self) -> frozenset[str]:
        """The codes that an answer's products may name."""
        with self._database.read() as session:
            return frozenset(session.scalars(select(ProductRow.code)))

    def publish(self, answers: Sequence[Answer]) -> int:
        """Publish these in one transaction, each as the next version of what it replaces; the count that changed."""
        with self._database.write() as session:
            known = {row.id: row for row in session.scalars(select(AnswerRow))}
            changed = [a for a in answers if a.id not in known or not _is_same(a, _answer(known[a.id]))]
            for answer in changed:
                version = known[answer.id].version + 1 if answer.id in known else 1
                _replace(session, answer, version)
            return len(changed)


def answer_columns(answer: Answer, version: int, published_at: datetime) -> dict[str, Any]:
    """The columns of the answer's row, also for a bulk insert."""
    return {
        "id": answer.id,
        "key": answer.key,
        "language": answer.language,
        "title": answer.title,
        "variants": list(answer.variants),
        "keywords": list(answer.keywords),
        "products": list(answer.products),
        "audience": answer.audience,
        "body": answer.body,
        "steps": list(answer.steps),
        "closing": answer.closing,
        "version": version,
        "published_at": published_at,
    }


def _replace(session: Session, answer: Answer, version: int) -> None:
    session.execute(delete(AnswerRow).where(AnswerRow.id == answer.id).execution_options(synchronize_session=False))
    session.execute(insert(AnswerRow).values(**answer_columns(answer, version, datetime.now(UTC))))
    tell(session, Topic.ANSWERS, answer.id)


def _is_same(new: Answer, old: Answer) -> bool:
    return all(
        getattr(new, field) == getattr(old, field)
        for field in ("title", "variants", "keywords", "products", "audience", "body", "steps", "closing")
    )


def _answer(row: AnswerRow) -> Answer:
    return Answer(
        key=row.key,
        language=row.language,
        title=row.title,
        variants=tuple(row.variants),
        keywords=tuple(row.keywords),
        products=tuple(row.products),
        audience=row.audience,
        body=row.body,
        steps=tuple(row.steps),
        closing=row.closing,
        version=row.version,
    )
