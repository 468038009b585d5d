"""Alerts and their rules, notices on the desks, raised hands."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TIME = sa.DateTime(timezone=True)
WORD = sa.String(30)
OPEN = sa.text("ended_at IS NULL")
RAISED = sa.text("lowered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("measure", WORD, primary_key=True),
        sa.Column("queue", sa.String(100), primary_key=True),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("raise_milli", sa.BigInteger(), nullable=False),
        sa.Column("clear_milli", sa.BigInteger(), nullable=False),
        sa.Column("hold_s", sa.Integer(), nullable=False),
        sa.Column("quiet_s", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(7), nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("measure", WORD, nullable=False),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("value_milli", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", TIME, nullable=False),
        sa.Column("raised_by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("seen_by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("seen_at", TIME, nullable=True),
    )
    columns = ["measure", "queue", "level"]
    op.create_index("uq_alert_open", "alert", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_alert_ended", "alert", ["ended_at"])
    _make_notices()
    _make_hands()


def downgrade() -> None:
    for table in ("hand_line", "hand", "notice_seen", "notice", "alert", "alert_rule"):
        op.drop_table(table)


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=True),
        sa.Column("text", sa.String(300), nullable=False),
    )
    op.create_index("ix_notice_until", "notice", ["until"])
    op.create_table(
        "notice_seen",
        sa.Column("notice_id", sa.Uuid(), sa.ForeignKey("notice.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("at", TIME, nullable=False),
    )


def _make_hands() -> None:
    op.create_table(
        "hand",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("raised_at", TIME, nullable=False),
        sa.Column("lowered_at", TIME, nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(300), nullable=False),
    )
    op.create_index("uq_hand_raised", "hand", ["person_id"], unique=True, sqlite_where=RAISED, postgresql_where=RAISED)
    op.create_table(
        "hand_line",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("hand_id", sa.Uuid(), sa.ForeignKey("hand.id"), nullable=False),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("text", sa.String(1_000), nullable=False),
    )
    op.create_index("ix_hand_line_of_hand", "hand_line", ["hand_id", "at"])
