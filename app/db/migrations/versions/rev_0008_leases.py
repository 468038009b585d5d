"""Leases: until when the desk of a person who has cases is taken to live."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_lease_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_lease"),
    )


def downgrade() -> None:
    op.drop_table("lease")
