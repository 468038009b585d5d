"""Alembic's environment: runs in the transaction that `app.db.schema` opened."""

from alembic import context

from app.db import (
    answer_rows,
    history_rows,
    knowledge_rows,
    line_rows,
    problem_rows,
    service_rows,
    supervisor_rows,
    workbench_rows,
)
from app.db.rows import Row

MODULES = (
    answer_rows,
    history_rows,
    knowledge_rows,
    line_rows,
    problem_rows,
    service_rows,
    supervisor_rows,
    workbench_rows,
)  # each adds its tables to the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
context.run_migrations()
