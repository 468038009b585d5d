"""The first tables: people, customers, calls, cases, answers, commands, changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db.types import transaction_id

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)
WORD = sa.String(30)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("variants", JSON, nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("products", JSON, nullable=False),
        sa.Column("audience", WORD, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("uq_answer_key_language", "answer", ["key", "language"], unique=True)
    op.create_table(
        "applied_command",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", TIME, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_applied_command"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=True), nullable=False),
        sa.Column("topic", WORD, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("tx", transaction_id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_index("ix_change_tx", "change", ["tx"], unique=False)
    op.create_table(
        "customer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer"),
        sa.UniqueConstraint("number", name="uq_customer_number"),
    )
    op.create_index("ix_customer_name", "customer", ["name"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_person_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )
    op.create_table(
        "phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("shown", sa.String(length=60), nullable=False),
        sa.Column("normal", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_phone_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phone"),
    )
    op.create_index("ix_phone_customer_id", "phone", ["customer_id"], unique=False)
    op.create_index("ix_phone_normal", "phone", ["normal"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("area", WORD, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_product_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("code", name="uq_product_code"),
    )
    op.create_table(
        "agent",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("pause_code", WORD, nullable=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("told_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_agent_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_agent"),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("number_raw", sa.String(length=200), nullable=False),
        sa.Column("number_kind", WORD, nullable=False),
        sa.Column("number_normal", sa.String(length=40), nullable=True),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("offered_at", TIME, nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("held_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("wrapped_up_at", TIME, nullable=True),
        sa.Column("end_reason", WORD, nullable=True),
        sa.Column("disposition", WORD, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("told_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name="fk_call_agent_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_call_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )
    op.create_index("ix_call_customer", "call", ["customer_id", "queued_at"], unique=False)
    op.create_index(
        "ix_call_now",
        "call",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("ix_call_queued_at", "call", ["queued_at"], unique=False)
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_contract_customer_id"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_contract_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contract"),
        sa.UniqueConstraint("number", name="uq_contract_number"),
    )
    op.create_index("ix_contract_customer_id", "contract", ["customer_id"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("level_since", TIME, nullable=False),
        sa.Column("solved_at", TIME, nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_case_file_contract_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_case_file_customer_id"),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name="fk_case_file_opened_by"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_case_file_owner_id"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_case_file_product_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_case_file_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("number", name="uq_case_file_number"),
    )
    op.create_index("ix_case_file_customer", "case_file", ["customer_id", "state"], unique=False)
    op.create_index(
        "ix_case_file_of_owner",
        "case_file",
        ["owner_id"],
        unique=False,
        sqlite_where=sa.text("state <> 'solved'"),
        postgresql_where=sa.text("state <> 'solved'"),
    )
    op.create_index("ix_case_file_solved_at", "case_file", ["solved_at"], unique=False)
    op.create_index(
        "ix_case_file_waiting",
        "case_file",
        ["level", "priority", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "timeline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("event", WORD, nullable=False),
        sa.Column("from_level", sa.SmallInteger(), nullable=False),
        sa.Column("to_level", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hand_over", JSON, nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_timeline_by"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_timeline_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_timeline"),
    )
    op.create_index("ix_timeline_case", "timeline", ["case_id", "at"], unique=False)
    op.create_index("ix_timeline_event", "timeline", ["event", "at"], unique=False)
    op.create_table(
        "watcher",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_watcher_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_watcher_person_id"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_watcher"),
    )
    op.create_index("ix_watcher_person_id", "watcher", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_watcher_person_id", table_name="watcher")
    op.drop_table("watcher")
    op.drop_index("ix_timeline_event", table_name="timeline")
    op.drop_index("ix_timeline_case", table_name="timeline")
    op.drop_table("timeline")
    op.drop_index(
        "ix_case_file_waiting",
        table_name="case_file",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_case_file_solved_at", table_name="case_file")
    op.drop_index(
        "ix_case_file_of_owner",
        table_name="case_file",
        sqlite_where=sa.text("state <> 'solved'"),
        postgresql_where=sa.text("state <> 'solved'"),
    )
    op.drop_index("ix_case_file_customer", table_name="case_file")
    op.drop_table("case_file")
    op.drop_index("ix_contract_customer_id", table_name="contract")
    op.drop_table("contract")
    op.drop_index("ix_call_queued_at", table_name="call")
    op.drop_index(
        "ix_call_now",
        table_name="call",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index("ix_call_customer", table_name="call")
    op.drop_table("call")
    op.drop_table("agent")
    op.drop_table("product")
    op.drop_index("ix_phone_normal", table_name="phone")
    op.drop_index("ix_phone_customer_id", table_name="phone")
    op.drop_table("phone")
    op.drop_table("person")
    op.drop_table("team")
    op.drop_index("ix_customer_name", table_name="customer")
    op.drop_table("customer")
    op.drop_index("ix_change_tx", table_name="change")
    op.drop_table("change")
    op.drop_table("applied_command")
    op.drop_index("uq_answer_key_language", table_name="answer")
    op.drop_table("answer")
