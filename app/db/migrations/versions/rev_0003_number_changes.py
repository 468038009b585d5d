"""PostgreSQL gives each change the number of its transaction by itself: no writer can forget it, or set another."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE change ALTER COLUMN tx SET DEFAULT pg_current_xact_id()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE change ALTER COLUMN tx DROP DEFAULT")
