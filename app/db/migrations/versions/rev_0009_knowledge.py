"""Drafts, versions, history and flags of answers, their validity; what people are told; rules of the centre."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

WORD = sa.String(30)
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
TABLES = ("centre_rule", "message", "first_could_have", "answer_flag", "answer_event", "answer_draft", "answer_version")
NEW_COLUMNS = ("review_on", "valid_until", "valid_from", "script")


def upgrade() -> None:
    op.add_column("answer", sa.Column("script", sa.Text(), nullable=False, server_default=""))
    for name in ("valid_from", "valid_until", "review_on"):
        op.add_column("answer", sa.Column(name, sa.Date(), nullable=True))
    _make_drafts_and_versions()
    _make_flags()
    _make_messages()
    _make_rules()
    _keep_what_is_published()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("answer") as answer:
        for name in NEW_COLUMNS:
            answer.drop_column(name)


def _make_drafts_and_versions() -> None:
    op.create_table(
        "answer_version",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("audience", WORD, nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "version", name="pk_answer_version"),
    )
    op.create_table(
        "answer_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_answer_draft_made_by"),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name="fk_answer_draft_written_by"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_draft"),
    )
    is_open = sa.text("state IN ('draft', 'review')")
    op.create_index(
        "uq_answer_draft_open",
        "answer_draft",
        ["key", "language"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "answer_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("event", WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_answer_event_by"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_event"),
    )
    op.create_index("ix_answer_event_answer", "answer_event", ["answer_id", "at"])


def _make_flags() -> None:
    op.create_table(
        "answer_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_text", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_answer_flag_by"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_flag"),
    )
    is_open = sa.text("settled_at IS NULL")
    op.create_index("ix_answer_flag_open", "answer_flag", ["answer_id"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "first_could_have",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_first_could_have_case_id"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_first_could_have_by"),
        sa.PrimaryKeyConstraint("case_id", name="pk_first_could_have"),
    )


def _make_messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_person", "message", ["person_id", "at"])


def _make_rules() -> None:
    op.create_table(
        "centre_rule",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("set_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_centre_rule"),
    )


def _keep_what_is_published() -> None:
    """What is in force is the first version that is kept; of those before, nothing is known any more."""
    connection = op.get_bind()
    columns = "key, language, title, variants, keywords, products, audience, body, steps, closing, known_problem"
    names = columns.split(", ")
    meta = sa.MetaData()
    answer = sa.Table("answer", meta, autoload_with=connection)
    version = sa.Table("answer_version", meta, autoload_with=connection)
    for row in connection.execute(sa.select(answer)).mappings().all():
        document = {name: row[name] for name in names} | {
            "version": row["version"],
            "script": "",
            "published_at": row["published_at"].isoformat() + ("" if row["published_at"].tzinfo else "+00:00"),
        }
        connection.execute(
            version.insert().values(
                answer_id=row["id"],
                version=row["version"],
                audience=row["audience"],
                published_at=row["published_at"],
                note="",
                document=document,
            )
        )
