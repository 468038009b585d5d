"""Calls: who ended the conversation, and which way the call went."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("call", sa.Column("ended_by", sa.String(30), nullable=True))
    op.add_column("call", sa.Column("is_outgoing", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("call", "is_outgoing")
    op.drop_column("call", "ended_by")
