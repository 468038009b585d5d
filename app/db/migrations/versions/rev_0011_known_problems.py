"""Known problems, their cases, and what the radar looks at."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"

WORD = sa.String(30)
MOMENT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ATTACHED = sa.text("link = 'attached'")


def upgrade() -> None:
    _make_problem()
    _make_problem_case()
    op.create_table(
        "sighting",
        sa.Column("id", COUNTER, sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("product", sa.String(40), nullable=False),
        sa.Column("text", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sighting"),
    )
    op.create_index("ix_sighting_at", "sighting", ["at"])
    radar = op.create_table(
        "radar",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("case_count", sa.Integer(), nullable=False),
        sa.Column("window_min", sa.Integer(), nullable=False),
        sa.Column("rest_min", sa.Integer(), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_radar"),
    )
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    op.bulk_insert(radar, [{"name": "main", "case_count": 3, "window_min": 30, "rest_min": 720, "looked_at": long_ago}])


def downgrade() -> None:
    for table in ("radar", "sighting", "problem_case", "problem"):
        op.drop_table(table)


def _make_problem() -> None:
    op.create_table(
        "problem",
        sa.Column("number", COUNTER, sa.Identity(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("symptoms", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("workaround", sa.Text(), nullable=False),
        sa.Column("products", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("versions", sa.String(200), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("origin", WORD, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(
            column
            for when, who in (("made_at", "made_by"), ("changed_at", "changed_by"), ("state_since", "state_by"))
            for column in (
                sa.Column(when, MOMENT, nullable=False),
                sa.Column(who, sa.Uuid(), nullable=False),
                sa.ForeignKeyConstraint([who], ["person.id"], name=f"fk_problem_{who}"),
            )
        ),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_problem"),
        sa.UniqueConstraint("id", name="uq_problem_id"),
    )
    op.create_index("ix_problem_state", "problem", ["state"])


def _make_problem_case() -> None:
    op.create_table(
        "problem_case",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("link", WORD, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("solved_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name="fk_problem_case_problem_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_problem_case_case_id"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_problem_case_by"),
        sa.PrimaryKeyConstraint("problem_id", "case_id", name="pk_problem_case"),
    )
    op.create_index("ix_problem_case_case", "problem_case", ["case_id"])
    op.create_index(
        "uq_problem_case_attached",
        "problem_case",
        ["case_id"],
        unique=True,
        sqlite_where=ATTACHED,
        postgresql_where=ATTACHED,
    )
