"""Who passed a case on is told that an answer would have done: other rights, no other table."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """The rights are given anew with each upgrade."""


def downgrade() -> None:
    """The tables are the same."""
