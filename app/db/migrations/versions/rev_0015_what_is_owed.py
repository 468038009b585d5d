"""What is owed: rules of the centre, clocks of a case, bookings, and who was told of what."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

WORD = sa.String(30)
TIME = sa.DateTime(timezone=True)
EXACT = sa.Numeric(18, 4).with_variant(sa.String(24), "sqlite")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIMES = ("warn_at", "resolve_due_at", "resolve_warn_at", "alarm_at")
HAS_ALARM = sa.text("alarm_at IS NOT NULL")
INCIDENT = sa.text("kind = 'incident'")


def upgrade() -> None:
    for name in ("plan", "waits_for"):
        op.add_column("case_file", sa.Column(name, WORD, nullable=True))
    for name in TIMES:
        op.add_column("case_file", sa.Column(name, TIME, nullable=True))
    op.add_column("timeline", sa.Column("waits_for", WORD, nullable=True))
    op.create_index("ix_case_file_alarm", "case_file", ["alarm_at"], sqlite_where=HAS_ALARM, postgresql_where=HAS_ALARM)
    # The clocks of the cases that are there are worked out when somebody of the centre looks next.
    op.execute(
        "UPDATE case_file SET alarm_at = level_since,"
        " plan = (SELECT kind FROM contract WHERE contract.id = case_file.contract_id) WHERE state <> 'solved'"
    )
    op.create_table(
        "rule_set",
        sa.Column("version", COUNTER, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(63), nullable=False),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), nullable=False),
        sa.Column("contract_id", sa.Uuid(), sa.ForeignKey("contract.id"), nullable=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Uuid(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("billed_minutes", sa.Integer(), nullable=False),
        sa.Column("net", EXACT, nullable=True),
        sa.Column("tax", EXACT, nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
    )
    for column in ("case_id", "contract_id"):
        op.create_index(f"ix_booking_{column}", "booking", [column])
    op.create_index(
        "uq_booking_incident", "booking", ["case_id"], unique=True, sqlite_where=INCIDENT, postgresql_where=INCIDENT
    )
    op.create_table(
        "alarm",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), primary_key=True),
        sa.Column("clock", WORD, primary_key=True),
        sa.Column("since", TIME, primary_key=True),
        sa.Column("step", sa.String(20), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=True),
        sa.Column("at", TIME, nullable=True),
        sa.Column("told_at", TIME, nullable=False),
    )
    op.create_index("ix_alarm_told_at", "alarm", ["told_at"])


def downgrade() -> None:
    for table in ("alarm", "booking", "rule_set"):
        op.drop_table(table)
    op.drop_index("ix_case_file_alarm", "case_file")
    op.drop_column("timeline", "waits_for")
    for name in (*TIMES, "waits_for", "plan"):
        op.drop_column("case_file", name)
