"""The tables about scripted answers: the answers, the editors' words, what became of answers, searches in vain."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Double, Identity, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import COUNTER, Row
from app.domain.answer_use import UseKind
from app.domain.answers import Audience
from app.domain.search_report import GapKind
from app.domain.vocabulary import WordKind


class AnswerRow(Row):
    __tablename__ = "answer"
    __table_args__ = (Index("uq_answer_key_language", "key", "language", unique=True),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    variants: Mapped[list[str]]
    keywords: Mapped[list[str]]
    products: Mapped[list[str]]
    audience: Mapped[Audience]
    body: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[str]]
    closing: Mapped[str] = mapped_column(Text)
    script: Mapped[str] = mapped_column(Text, server_default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    review_on: Mapped[date | None]
    known_problem: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    published_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # the row stays: cases say which answer solved them
    stamp: Mapped[int] = mapped_column(BigInteger)  # `Answer.stamp`, added up to see whether a desk's copy is complete


class WordGroupRow(Row):
    """Synonyms and stop words of the editors; `id` is that of its content."""

    __tablename__ = "word_group"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[WordKind]
    words: Mapped[list[str]]


class AnswerUseRow(Row):
    """Appended, `count` being 1; those of past days are folded into one a day. Whose call it was is not kept."""

    __tablename__ = "answer_use"
    id: Mapped[int] = mapped_column(COUNTER, Identity(always=True), primary_key=True)
    answer_id: Mapped[UUID]
    kind: Mapped[UseKind]
    day: Mapped[date] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(Integer)
    weight: Mapped[float] = mapped_column(Double)  # `weight_of(day)`, so that a sum needs no power


class SearchGapRow(Row):
    """A search in vain, without personal data."""

    __tablename__ = "search_gap"
    id: Mapped[int] = mapped_column(COUNTER, Identity(always=True), primary_key=True)
    kind: Mapped[GapKind]
    day: Mapped[date] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(8))
    product: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(200))
