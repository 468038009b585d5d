"""Second and third level read the calls about a case, and count only what may go back: other rights, no other table."""

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """The rights are given anew with each upgrade."""


def downgrade() -> None:
    """The tables are the same."""
