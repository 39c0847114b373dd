"""Run by Alembic: it upgrades through the connection it is given, inside that transaction."""

from alembic import context

from aftersales.store.migrations import VERSION_TABLE
from aftersales.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
