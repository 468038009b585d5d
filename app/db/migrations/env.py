"""Alembic's environment: runs in the transaction that `app.db.schema` opened."""

from alembic import context

from app.db.rows import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
context.run_migrations()
