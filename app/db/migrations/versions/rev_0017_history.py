"""The past: sums of calls, cases and presence, the mode that withholds small groups, who looked at whose figures."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

WORD = sa.String(30)
TIME = sa.DateTime(timezone=True)
NOT_COUNTED = sa.text("NOT is_counted")
STALE = sa.text("is_stale")

CALL_COUNTS = (
    "answered answered_in_time abandoned abandoned_short abandoned_in_time flowed_out handled with_after_call_work"
    " transferred handle_0 handle_1 handle_2 handle_3 handle_4 handle_5 handle_6 handle_7 handle_8 handle_9 handle_10"
    " handle_11 handle_12 handle_13 handle_14 handle_15 contacts solved_at_first"
)
CALL_TIMES = "wait_us talk_us hold_us after_call_work_us"
CASE_COUNTS = (
    "opened_at_first solved_by_first_alone escalated_by_first returned_to_first came_to_second escalated_by_second"
    " returned_to_second solved_by_second solved_by_second_needlessly closed closed_with_known_answer"
    " closed_with_new_answer"
)


def upgrade() -> None:
    _make_tables_of_people()
    op.create_table(
        "history_state",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("cursor", sa.String(30), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("rolled_up_at", TIME, nullable=True),
    )
    op.create_table(
        "history_day",
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_frozen", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("rolled_at", TIME, nullable=True),
    )
    op.create_index("ix_history_day_stale", "history_day", ["day"], sqlite_where=STALE, postgresql_where=STALE)
    _make_sums("call_tally", "queue team", CALL_COUNTS, CALL_TIMES)
    _make_sums("case_tally", "team product reason", CASE_COUNTS)
    _make_sums("presence_tally", "team", "", "busy_us available_us")


def downgrade() -> None:
    for table in ("presence_tally", "case_tally", "call_tally", "history_day", "history_state"):
        op.drop_table(table)
    for table in ("person_look", "works_council", "agent_change"):
        op.drop_table(table)


def _make_tables_of_people() -> None:
    op.create_table(
        "agent_change",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("at", TIME, primary_key=True),
        sa.Column("state", WORD, nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_agent_change_at", "agent_change", ["at"])
    op.create_index(
        "ix_agent_change_new", "agent_change", ["at"], sqlite_where=NOT_COUNTED, postgresql_where=NOT_COUNTED
    )
    op.create_table(
        "works_council",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "person_look",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
    )
    op.create_index("ix_person_look_person_id", "person_look", ["person_id"])


def _make_sums(name: str, labels: str, counts: str, times: str = "") -> None:
    op.create_table(
        name,
        sa.Column("grain", WORD, primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("at", TIME, primary_key=True),
        sa.Column("until", TIME, primary_key=True),
        *(sa.Column(label, sa.String(100), primary_key=True) for label in labels.split()),
        *(sa.Column(count, sa.Integer(), nullable=False) for count in counts.split()),
        *(sa.Column(time, sa.BigInteger(), nullable=False) for time in times.split()),
    )
    op.create_index(f"ix_{name}_at", name, ["grain", "at"])
