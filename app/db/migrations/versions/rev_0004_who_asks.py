"""Who asks: logins that PostgreSQL compares with its roles, whose command it was, whom a person looked up."""

import sqlalchemy as sa
from alembic import op

from app.db.types import login_name

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("person", "login", type_=login_name(), postgresql_using="login::name")
    op.add_column("applied_command", sa.Column("by", sa.Uuid(), nullable=True))
    op.create_table(
        "look_up",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_look_up_customer_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_look_up_person_id"),
        sa.PrimaryKeyConstraint("person_id", "customer_id", name="pk_look_up"),
    )
    op.create_index("ix_look_up_of_person", "look_up", ["person_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_look_up_of_person", table_name="look_up")
    op.drop_table("look_up")
    with op.batch_alter_table("applied_command") as applied_command:
        applied_command.drop_column("by")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("person", "login", type_=sa.String(length=63))
