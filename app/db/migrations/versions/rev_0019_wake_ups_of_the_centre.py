"""Wake-ups are counted for the whole centre, by a function: other rights, no other table."""

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """The rights are given anew with each upgrade."""


def downgrade() -> None:
    """The tables are the same."""
