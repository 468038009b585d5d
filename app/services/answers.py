"""The published scripted answers: read by every desk, replaced as a whole file or not at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.db.answer_rows import AnswerRow
from app.db.engine import Database
from app.db.knowledge_rows import AnswerVersionRow
from app.db.rows import ProductRow
from app.domain.answers import Answer, Audience, Fingerprint, audiences_of, fingerprint
from app.domain.topics import Topic
from app.services.answer_documents import to_document
from app.services.once import tell
from app.services.people import roles_now

LATE = timedelta(minutes=10)  # a transaction that publishes is committed by then
_AT_ONCE = 500  # ids in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What makes a desk's copy complete: these answers taken in, those with these ids taken out."""

    published: tuple[Answer, ...] = ()
    withdrawn: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.published or self.withdrawn)


class Answers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def published(self, audiences: frozenset[Audience] = frozenset({Audience.FIRST})) -> tuple[Answer, ...]:
        """All published answers for these audiences, by key and language."""
        query = select(AnswerRow).where(*_readable(audiences)).order_by(AnswerRow.key, AnswerRow.language)
        with self._database.read() as session:
            return tuple(answer_of(row) for row in session.scalars(query))

    def changes(self, person_id: UUID, known: Mapping[UUID, int], latest: datetime | None = None) -> Changes:
        """What differs between a desk's copy and what this person may read now.

        Mostly that is nothing, or what was published lately: then no other text is read. The fingerprint tells
        whether that was all; if not (a role changed, the copy is old), ids and stamps of all are compared.

        Args:
            known: the stamps of the copy's answers, by id.
            latest: when the newest of them was published; None: not known, so all are compared.
        """
        with self._database.read() as session:
            readable = _readable(audiences_of(roles_now(session, person_id)))
            wanted = _fingerprint(session, readable)
            if fingerprint(known.values()) == wanted:
                return Changes()
            if latest is not None:
                lately = _changed_since(session, readable, latest - LATE, known)
                if fingerprint(_after(known, lately).values()) == wanted:
                    return lately
            return _all_changes(session, readable, known)

    def product_codes(self) -> frozenset[str]:
        """The codes that an answer's products may name."""
        with self._database.read() as session:
            return frozenset(session.scalars(select(ProductRow.code)))

    def publish(self, answers: Sequence[Answer]) -> int:
        """Publish these in one transaction, each as the next version of what it replaces; the count that changed."""
        with self._database.write() as session:
            known = {row.id: row for row in session.scalars(select(AnswerRow))}
            changed = [a for a in answers if a.id not in known or not _is_same(a, known[a.id])]
            for answer in changed:
                version = known[answer.id].version + 1 if answer.id in known else 1
                put_version(session, answer, version, is_new=answer.id not in known)
            return len(changed)

    def retire(self, answer_ids: Collection[UUID]) -> int:
        """Take these from all desks; publishing one again brings it back as its next version. The count retired."""
        with self._database.write() as session:
            retired = session.scalars(
                update(AnswerRow)
                .where(AnswerRow.id.in_(answer_ids), AnswerRow.retired_at.is_(None))
                .values(retired_at=datetime.now(UTC))
                .returning(AnswerRow.id)
                .execution_options(synchronize_session=False)
            ).all()
            for answer_id in retired:
                tell(session, Topic.ANSWERS, answer_id)
            return len(retired)


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
        "script": answer.script,
        "valid_from": answer.valid_from,
        "valid_until": answer.valid_until,
        "review_on": answer.review_on,
        "known_problem": answer.known_problem,
        "version": version,
        "published_at": published_at,
        "retired_at": None,
        "stamp": replace(answer, version=version, published_at=published_at).stamp,
    }


def version_columns(answer: Answer, version: int, published_at: datetime) -> dict[str, Any]:
    """The columns of the row that keeps the version, also for a bulk insert."""
    return {
        "answer_id": answer.id,
        "version": version,
        "audience": answer.audience,
        "published_at": published_at,
        "published_by": None,
        "note": "",
        "document": to_document(replace(answer, version=version, published_at=published_at)),
    }


def _readable(audiences: frozenset[Audience]) -> tuple[ColumnElement[bool], ...]:
    """In force today; days are those of UTC, as all that is shared is."""
    day = datetime.now(UTC).date()
    return (
        AnswerRow.audience.in_(audiences),
        AnswerRow.retired_at.is_(None),
        or_(AnswerRow.valid_from.is_(None), AnswerRow.valid_from <= day),
        or_(AnswerRow.valid_until.is_(None), AnswerRow.valid_until >= day),
    )


def _fingerprint(session: Session, readable: tuple[ColumnElement[bool], ...]) -> Fingerprint:
    count, stamps = session.execute(select(func.count(), func.sum(AnswerRow.stamp)).where(*readable)).one()
    return Fingerprint(count=count, stamps=int(stamps or 0))


def _changed_since(
    session: Session, readable: tuple[ColumnElement[bool], ...], since: datetime, known: Mapping[UUID, int]
) -> Changes:
    stamps = _stamps(session, (*readable, AnswerRow.published_at >= since))
    changed = select(AnswerRow.id).where(or_(AnswerRow.retired_at >= since, AnswerRow.published_at >= since))
    gone = frozenset(session.scalars(changed)) & known.keys() - stamps.keys()
    wanted = [id_ for id_, stamp in stamps.items() if known.get(id_) != stamp]
    return Changes(published=tuple(_read(session, wanted)), withdrawn=gone)


def _all_changes(session: Session, readable: tuple[ColumnElement[bool], ...], known: Mapping[UUID, int]) -> Changes:
    stamps = _stamps(session, readable)
    wanted = [id_ for id_, stamp in stamps.items() if known.get(id_) != stamp]
    return Changes(published=tuple(_read(session, wanted)), withdrawn=frozenset(known.keys() - stamps.keys()))


def _stamps(session: Session, wanted: tuple[ColumnElement[bool], ...]) -> dict[UUID, int]:
    rows = session.execute(select(AnswerRow.id, AnswerRow.stamp).where(*wanted))
    return {row.id: row.stamp for row in rows}


def _read(session: Session, answer_ids: Sequence[UUID]) -> Iterator[Answer]:
    for start in range(0, len(answer_ids), _AT_ONCE):
        some = AnswerRow.id.in_(answer_ids[start : start + _AT_ONCE])
        yield from map(answer_of, session.scalars(select(AnswerRow).where(some)))


def _after(known: Mapping[UUID, int], changes: Changes) -> dict[UUID, int]:
    kept = {id_: stamp for id_, stamp in known.items() if id_ not in changes.withdrawn}
    return kept | {answer.id: answer.stamp for answer in changes.published}


def put_version(
    session: Session, answer: Answer, version: int, *, is_new: bool, by: UUID | None = None, note: str = ""
) -> None:
    """Put this version in force, and keep it as it is for ever."""
    published_at = datetime.now(UTC)
    columns = answer_columns(answer, version, published_at)
    statement: Any = (
        insert(AnswerRow).values(**columns)
        if is_new
        else update(AnswerRow)
        .where(AnswerRow.id == answer.id)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)
    kept = version_columns(answer, version, published_at)
    session.execute(insert(AnswerVersionRow).values(**kept | {"published_by": by, "note": note}))
    tell(session, Topic.ANSWERS, answer.id)


def _is_same(new: Answer, row: AnswerRow) -> bool:
    old = answer_of(row)
    return row.retired_at is None and replace(new, version=old.version, published_at=old.published_at) == old


def answer_of(row: AnswerRow) -> Answer:
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
        script=row.script,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        review_on=row.review_on,
        known_problem=row.known_problem,
        version=row.version,
        published_at=row.published_at,
    )
