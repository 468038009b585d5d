"""A solved case has no open questions: those that are there end when their case was solved."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute(
        "UPDATE question SET answered_at ="
        " (SELECT coalesce(solved_at, question.asked_at) FROM case_file WHERE case_file.id = question.case_id)"
        " WHERE answered_at IS NULL AND case_id IN (SELECT id FROM case_file WHERE state = 'solved')"
    )


def downgrade() -> None:
    op.execute("UPDATE question SET answered_at = NULL WHERE answered_by IS NULL")
