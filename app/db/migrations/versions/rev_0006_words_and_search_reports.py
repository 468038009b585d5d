"""Editors' words, use of the answers, searches in vain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

WORD = sa.String(30)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "word_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("words", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_word_group"),
    )
    op.create_table(
        "answer_use",
        sa.Column("id", COUNTER, sa.Identity(always=True), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_use"),
    )
    op.create_index("ix_answer_use_day", "answer_use", ["day"])
    op.create_table(
        "search_gap",
        sa.Column("id", COUNTER, sa.Identity(always=True), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_gap"),
    )
    op.create_index("ix_search_gap_day", "search_gap", ["day"])


def downgrade() -> None:
    for table in ("search_gap", "answer_use", "word_group"):
        op.drop_table(table)
