"""Reading what editors work on: the list, a draft, versions, history, flags, use."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.db.answer_rows import AnswerRow, AnswerUseRow
from app.db.engine import Database
from app.db.knowledge_rows import AnswerDraftRow, AnswerEventRow, AnswerFlagRow, AnswerVersionRow
from app.db.rows import PersonRow
from app.domain.answer_use import UseKind
from app.domain.answers import Answer, answer_id
from app.domain.errors import NotFound
from app.domain.knowledge import AnswerLine, AnswerState, AnswerVersion, Draft, Flag, HistoryLine
from app.i18n import tr
from app.services.answer_documents import from_document
from app.services.answers import answer_of
from app.services.search_reports import today

OPEN = (AnswerState.DRAFT, AnswerState.REVIEW)
USED_WITHIN = timedelta(days=90)
_TOGETHER = timedelta(hours=1)  # a language pair that was changed in one go: neither is older
Counts = Mapping[UUID, Mapping[UseKind, int]]


class KnowledgeLists:
    """Each list is a constant number of queries, however long it is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self) -> tuple[AnswerLine, ...]:
        """All answers with their open drafts, and the drafts of new ones, by key and language; what may be seen."""
        with self._database.read() as session:
            drafts = {answer_id(row.key, row.language): row for row in session.execute(_DRAFT_LINES)}
            flags = Counter(session.scalars(select(AnswerFlagRow.answer_id).where(AnswerFlagRow.settled_at.is_(None))))
            used = _use_counts(session)
            lines = [_line(row, drafts.pop(row.id, None), flags, used) for row in session.execute(_ANSWER_LINES)]
            lines += [_new_line(id_, row) for id_, row in drafts.items()]
        return tuple(sorted(_with_pairs(lines), key=lambda line: (line.key, line.language)))

    def draft(self, draft_id: UUID) -> Draft:
        """NotFound when there is none that may be seen."""
        query = _DRAFT.where(AnswerDraftRow.id == draft_id)
        with self._database.read() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound(tr("This draft is not there any more. Your text is kept: begin a new one with it."))
        return _draft(row[0], row[1])

    def open_draft(self, answer_id: UUID, draft_id: UUID | None = None) -> Draft | None:
        """The draft of an answer that is open and may be seen: at most one. `draft_id` helps to find it."""
        is_it = AnswerDraftRow.id == draft_id if draft_id else false()
        about = select(AnswerRow.key, AnswerRow.language).where(AnswerRow.id == answer_id)
        is_of_answer = tuple_(AnswerDraftRow.key, AnswerDraftRow.language).in_(about)
        query = _DRAFT.where(AnswerDraftRow.state.in_(OPEN), or_(is_it, is_of_answer))
        with self._database.read() as session:
            row = session.execute(query.limit(1)).one_or_none()
        return _draft(row[0], row[1]) if row else None

    def answer(self, answer_id: UUID) -> Answer | None:
        """The version in force, or the last one of what is retired."""
        with self._database.read() as session:
            row = session.get(AnswerRow, answer_id)
            return answer_of(row) if row else None

    def version(self, answer_id: UUID, version: int) -> AnswerVersion:
        """A version as it was published, in force or not: what an agent read in a call can be read again."""
        query = _VERSION.where(AnswerVersionRow.answer_id == answer_id, AnswerVersionRow.version == version)
        with self._database.read() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound(tr("This version was published before versions were kept."))
        return _version(*row)

    def version_at(self, answer_id: UUID, at: datetime) -> AnswerVersion:
        """The version that was in force then."""
        row = AnswerVersionRow
        query = _VERSION.where(row.answer_id == answer_id, row.published_at <= at).order_by(row.version.desc())
        with self._database.read() as session:
            found = session.execute(query.limit(1)).one_or_none()
        if found is None:
            raise NotFound(tr("This version was published before versions were kept."))
        return _version(*found)

    def versions(self, answer_id: UUID) -> tuple[AnswerVersion, ...]:
        """All that are kept, newest first."""
        query = _VERSION.where(AnswerVersionRow.answer_id == answer_id).order_by(AnswerVersionRow.version.desc())
        with self._database.read() as session:
            return tuple(_version(row, name) for row, name in session.execute(query))

    def history(self, answer_id: UUID) -> tuple[HistoryLine, ...]:
        """Who did what to an answer, newest first."""
        row = AnswerEventRow
        query = (
            select(row.id, row.at, PersonRow.name.label("by"), row.event, row.version, row.text)
            .join(PersonRow, PersonRow.id == row.by)
            .where(row.answer_id == answer_id)
            .order_by(row.at.desc(), row.id.desc())
            .limit(200)
        )
        with self._database.read() as session:
            return tuple(HistoryLine(**found._mapping) for found in session.execute(query))

    def flags(self, answer_id: UUID) -> tuple[Flag, ...]:
        """What agents say of an answer and no editor has settled, oldest first."""
        row = AnswerFlagRow
        query = (
            select(row.id, row.answer_id, row.version, row.kind, row.text, PersonRow.name.label("by"), row.at)
            .join(PersonRow, PersonRow.id == row.by)
            .where(row.answer_id == answer_id, row.settled_at.is_(None))
            .order_by(row.at)
        )
        with self._database.read() as session:
            return tuple(Flag(**found._mapping) for found in session.execute(query))

    def uses(self, answer_id: UUID) -> dict[UseKind, int]:
        """What became of an answer in the last 90 days."""
        with self._database.read() as session:
            return dict(_use_counts(session, answer_id)[answer_id])


_Writer = aliased(PersonRow)
_DRAFT = select(AnswerDraftRow, _Writer.name).join(_Writer, _Writer.id == AnswerDraftRow.written_by)
_DRAFT_LINES = (
    select(
        AnswerDraftRow.id,
        AnswerDraftRow.key,
        AnswerDraftRow.language,
        AnswerDraftRow.state,
        AnswerDraftRow.base_version,
        AnswerDraftRow.written_at,
        AnswerDraftRow.document,
        _Writer.name.label("writer"),
    )
    .join(_Writer, _Writer.id == AnswerDraftRow.written_by)
    .where(AnswerDraftRow.state.in_(OPEN))
)
_ANSWER_LINES = select(
    AnswerRow.id,
    AnswerRow.key,
    AnswerRow.language,
    AnswerRow.title,
    AnswerRow.products,
    AnswerRow.version,
    AnswerRow.published_at,
    AnswerRow.retired_at,
    AnswerRow.review_on,
)
_VERSION = select(AnswerVersionRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == AnswerVersionRow.published_by)


def _use_counts(session: Session, answer_id: UUID | None = None) -> defaultdict[UUID, dict[UseKind, int]]:
    row = AnswerUseRow
    since = today() - USED_WITHIN
    query = (
        select(row.answer_id, row.kind, func.sum(row.count)).where(row.day >= since).group_by(row.answer_id, row.kind)
    )
    if answer_id is not None:
        query = query.where(row.answer_id == answer_id)
    found: defaultdict[UUID, dict[UseKind, int]] = defaultdict(dict)
    for id_, kind, count in session.execute(query):
        found[id_][kind] = int(count)
    return found


def _line(row: Any, draft: Any, flags: Counter[UUID], used: Counts) -> AnswerLine:
    state = AnswerState.RETIRED if row.retired_at else AnswerState.PUBLISHED
    counts = used.get(row.id, {})
    return AnswerLine(
        id=row.id,
        key=row.key,
        language=row.language,
        title=row.title,
        products=tuple(row.products),
        state=draft.state if draft else state,
        is_in_force=row.retired_at is None,
        version=row.version,
        draft_id=draft.id if draft else None,
        writer=draft.writer if draft else "",
        changed_at=draft.written_at if draft else row.published_at,
        review_on=row.review_on,
        flag_count=flags[row.id],
        solved_count=counts.get(UseKind.SOLVED, 0),
        read_count=sum(counts.get(kind, 0) for kind in (UseKind.READ, UseKind.SOLVED, UseKind.ESCALATED)),
    )


def _new_line(id_: UUID, row: Any) -> AnswerLine:
    return AnswerLine(
        id=id_,
        key=row.key,
        language=row.language,
        title=row.document["title"],
        products=tuple(row.document["products"]),
        state=row.state,
        is_in_force=False,
        version=0,
        draft_id=row.id,
        writer=row.writer,
        changed_at=row.written_at,
    )


def _with_pairs(lines: list[AnswerLine]) -> list[AnswerLine]:
    """Each line with how its language pair stands to it: there is none, or it is older or newer."""
    by_key: dict[str, list[AnswerLine]] = defaultdict(list)
    for line in lines:
        by_key[line.key].append(line)
    return [replace(line, pair=_pair(line, by_key[line.key])) for line in lines]


def _pair(line: AnswerLine, all_of_key: list[AnswerLine]) -> str:
    other = next((one for one in all_of_key if one.language != line.language), None)
    if other is None:
        return "missing"
    if line.changed_at is None or other.changed_at is None or abs(line.changed_at - other.changed_at) < _TOGETHER:
        return ""
    return "older" if other.changed_at < line.changed_at else "newer"


def _draft(row: AnswerDraftRow, writer: str) -> Draft:
    return Draft(
        id=row.id,
        answer=from_document(row.document),
        state=row.state,
        revision=row.revision,
        base_version=row.base_version,
        made_by=row.made_by,
        writer_id=row.written_by,
        written_by=writer,
        written_at=row.written_at,
        case_id=row.case_id,
    )


def _version(row: AnswerVersionRow, name: str | None) -> AnswerVersion:
    return AnswerVersion(answer=from_document(row.document), published_by=name or "", note=row.note)
