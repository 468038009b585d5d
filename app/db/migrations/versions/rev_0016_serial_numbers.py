"""Customers are found by the serial number of what they have."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_contract_serial", "contract", ["serial"])


def downgrade() -> None:
    op.drop_index("ix_contract_serial", "contract")
