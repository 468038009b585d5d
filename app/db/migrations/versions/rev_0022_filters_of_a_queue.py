"""Indexes for a queue that is narrowed to a product or a team: every waiting case is found, however many wait."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_INDEXES = {"ix_case_file_waiting_of_product": "product_id", "ix_case_file_waiting_of_team": "team_id"}


def upgrade() -> None:
    """Of waiting cases alone, in the order of their queue."""
    is_waiting = sa.text("state = 'waiting'")
    for name, column in _INDEXES.items():
        key = [column, "level", "priority", "due_at", "id"]
        op.create_index(name, "case_file", key, sqlite_where=is_waiting, postgresql_where=is_waiting)


def downgrade() -> None:
    """The cases stay as they are."""
    for name in _INDEXES:
        op.drop_index(name, "case_file")
