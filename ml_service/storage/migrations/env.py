"""Run by Alembic, inside the transaction that ``storage.migrate`` opened."""

from __future__ import annotations

from alembic import context

from ml_service.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's, and so is its commit
)
context.run_migrations()
