"""A right alone: an agent corrects the number of a call-back."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The rights are given anew after each upgrade."""


def downgrade() -> None:
    """The older program's upgrade gives its own."""
