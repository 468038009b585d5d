"""Questions, grants, merged levels, who looks at what, filters; a caller's number apart from the hand-over."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
OPEN = sa.text("answered_at IS NULL")
_NUMBER_APART = {
    "postgresql": "caller_number = hand_over ->> 'caller_number', hand_over = hand_over - 'caller_number'",
    "sqlite": "caller_number = hand_over ->> 'caller_number', hand_over = json_remove(hand_over, '$.caller_number')",
}
_NUMBER_BACK = {
    "postgresql": "hand_over = hand_over || jsonb_build_object('caller_number', coalesce(caller_number, ''))",
    "sqlite": "hand_over = json_set(hand_over, '$.caller_number', coalesce(caller_number, ''))",
}


def upgrade() -> None:
    op.add_column("timeline", sa.Column("caller_number", sa.String(200), nullable=True))
    op.execute(f"UPDATE timeline SET {_NUMBER_APART[op.get_bind().dialect.name]} WHERE hand_over IS NOT NULL")
    op.add_column("case_file", sa.Column("passed_down", JSON, nullable=True))
    op.add_column("case_file", sa.Column("kept_back", sa.Text(), nullable=False, server_default=""))
    _make_questions()
    op.create_table(
        "contact_grant",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), primary_key=True),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_table(
        "levels",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("are_merged", sa.Boolean(), nullable=False),
        sa.Column("changed_at", TIME, nullable=True),
    )
    op.execute("INSERT INTO levels (id, are_merged) VALUES (1, false)")
    op.create_table(
        "case_presence",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("is_typing", sa.Boolean(), nullable=False),
        sa.Column("until", TIME, nullable=False),
    )
    op.create_index("ix_case_presence_case_id", "case_presence", ["case_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE case_presence SET UNLOGGED")
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("filter", JSON, nullable=False),
    )
    op.create_index("ix_saved_filter_person_id", "saved_filter", ["person_id"])


def downgrade() -> None:
    for table in ("saved_filter", "case_presence", "levels", "contact_grant", "question"):
        op.drop_table(table)
    op.drop_column("case_file", "kept_back")
    op.drop_column("case_file", "passed_down")
    op.execute(f"UPDATE timeline SET {_NUMBER_BACK[op.get_bind().dialect.name]} WHERE hand_over IS NOT NULL")
    op.drop_column("timeline", "caller_number")


def _make_questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), nullable=False),
        _person("asked_by", nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _person("to_person"),
        sa.Column("to_level", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        _person("answered_by"),
        sa.Column("answered_at", TIME, nullable=True),
    )
    for name, column in (("of_person", "to_person"), ("of_level", "to_level")):
        op.create_index(f"ix_question_{name}", "question", [column], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_question_case", "question", ["case_id"])


def _person(name: str, *, nullable: bool = True) -> "sa.Column[UUID]":
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("person.id"), nullable=nullable)
