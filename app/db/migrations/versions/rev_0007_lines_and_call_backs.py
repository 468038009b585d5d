"""The gateway's line, and call-backs; a call that waits belongs to no agent yet."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

WORD = sa.String(30)
TIME = sa.DateTime(timezone=True)
LIST = sa.JSON().with_variant(JSONB(), "postgresql")
OPEN = sa.text("state = 'open'")
UNDONE = sa.text("state IN ('waiting', 'taken')")


def upgrade() -> None:
    with op.batch_alter_table("call") as call:
        call.alter_column("agent_id", existing_type=sa.Uuid(), nullable=True)
    _make_line_tables()
    op.create_table(
        "call_back",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        _person("made_by"),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), sa.ForeignKey("customer.id"), nullable=True),
        _person("person_id"),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", WORD, nullable=False, server_default="open"),
        sa.Column("attempt_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempted_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        _person("done_by"),
    )
    for column in ("due_at", "number"):
        name = "ix_call_back_open" if column == "due_at" else "ix_call_back_number"
        op.create_index(name, "call_back", [column], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_call_back_person_id", "call_back", ["person_id"])


def downgrade() -> None:
    for table in ("call_back", "line_order", "gateway", "telephone", "ring"):
        op.drop_table(table)
    op.execute("DELETE FROM call WHERE agent_id IS NULL")
    with op.batch_alter_table("call") as call:
        call.alter_column("agent_id", existing_type=sa.Uuid(), nullable=False)


def _make_line_tables() -> None:
    op.create_table(
        "ring",
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.Column("end_reason", WORD, nullable=True),
    )
    op.create_index("ix_ring_of_person", "ring", ["person_id", "at"])
    op.create_table(
        "telephone",
        sa.Column("interface", sa.String(80), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), unique=True, nullable=True),
        sa.Column("name", sa.String(100), nullable=False, server_default=""),
        sa.Column("device", sa.String(30), nullable=False, server_default="unknown"),
        sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("pause_reason", sa.String(100), nullable=False, server_default=""),
        sa.Column("told_at", TIME, nullable=True),
    )
    op.create_table(
        "gateway",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("holder", sa.String(100), nullable=False),
        sa.Column("phase", WORD, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("beat_at", TIME, nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("waiting_since", TIME, nullable=True),
        sa.Column("capabilities", LIST, nullable=False),
    )
    op.create_table(
        "line_order",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("action", WORD, nullable=False),
        sa.Column("call_id", sa.Uuid(), sa.ForeignKey("call.id"), nullable=True),
        sa.Column("text", sa.String(100), nullable=False),
        sa.Column("state", WORD, nullable=False, server_default="waiting"),
        sa.Column("refusal", WORD, nullable=True),
        sa.Column("detail", sa.String(200), nullable=False, server_default=""),
        sa.Column("answered_at", TIME, nullable=True),
    )
    op.create_index("ix_line_order_waiting", "line_order", ["at"], sqlite_where=UNDONE, postgresql_where=UNDONE)
    op.create_index("ix_line_order_of_person", "line_order", ["by", "at"])


def _person(name: str) -> "sa.Column[UUID]":
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("person.id"), nullable=True)
