"""Rules of queues: thresholds, goal and formulas, by which board, history and alerts measure."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "queue_rule",
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("answer_within_ms", sa.Integer(), nullable=False),
        sa.Column("short_abandon_ms", sa.Integer(), nullable=False),
        sa.Column("goal_percent", sa.Integer(), nullable=False),
        sa.Column("service_level", sa.String(30), nullable=False),
        sa.Column("abandonment", sa.String(30), nullable=False),
        sa.PrimaryKeyConstraint("queue", name="pk_queue_rule"),
    )


def downgrade() -> None:
    op.drop_table("queue_rule")
