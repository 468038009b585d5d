"""The past counts service level and abandonment by the formula of each queue, as the board does.

Where all queues have the default, what is there already is turned into the new columns; else all is summed up anew with
the next roll-up. Days whose people were taken out stay as they were counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_COLUMNS = {
    "service_level_part": "answered_in_time",
    "service_level_whole": "answered + abandoned + flowed_out - abandoned_short",
    "abandonment_part": "abandoned - abandoned_short",
    "abandonment_whole": "answered + abandoned + flowed_out - abandoned_short",
}


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("call_tally", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE call_tally SET " + ", ".join(f"{name} = {formula}" for name, formula in _COLUMNS.items()))
    op.execute(
        "UPDATE history_state SET rules = '' WHERE EXISTS (SELECT * FROM queue_rule"
        " WHERE service_level <> 'standard' OR abandonment <> 'without_short')"
    )
    _mark_days_of_written_answers()


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("call_tally", name)


def _mark_days_of_written_answers() -> None:
    """Cases that an answer was written from count as linked from now on: their days are summed up again."""
    op.execute(
        "UPDATE history_day SET is_stale = true WHERE kind = 'cases' AND NOT is_frozen"
        " AND EXISTS (SELECT * FROM answer_draft WHERE case_id IS NOT NULL AND state = 'published')"
    )
