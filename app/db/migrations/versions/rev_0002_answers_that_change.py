"""Answers: the known problem they are about, when they were retired, and a stamp for comparing copies."""

from datetime import UTC

import sqlalchemy as sa
from alembic import op

from app.domain.answers import Answer

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("answer") as answer:
        answer.add_column(sa.Column("known_problem", sa.String(length=40), nullable=False, server_default=""))
        answer.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        answer.add_column(sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    _fill_stamps()
    with op.batch_alter_table("answer") as answer:
        answer.alter_column("known_problem", server_default=None)
        answer.alter_column("stamp", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("answer") as answer:
        for name in ("stamp", "retired_at", "known_problem"):
            answer.drop_column(name)


def _fill_stamps() -> None:
    answer = sa.table(
        "answer",
        sa.column("id", sa.Uuid()),
        sa.column("key", sa.String()),
        sa.column("language", sa.String()),
        sa.column("version", sa.Integer()),
        sa.column("published_at", sa.DateTime(timezone=True)),
        sa.column("stamp", sa.BigInteger()),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(answer.c.id, answer.c.key, answer.c.language, answer.c.version,
                                        answer.c.published_at)).all()  # fmt: skip
    for id_, key, language, version, at in rows:
        published_at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        published = Answer(key=key, language=language, title="", version=version, published_at=published_at)
        connection.execute(sa.update(answer).where(answer.c.id == id_).values(stamp=published.stamp))
