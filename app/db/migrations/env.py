"""Alembic's environment: runs in the transaction that `app.db.schema` opened."""

from alembic import context

from app.db.answer_rows import AnswerRow  # its module knows the others, so all tables are in the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=AnswerRow.metadata)
context.run_migrations()
