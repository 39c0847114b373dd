"""The schema's history. Each step is written out and never changed once released."""

from pathlib import Path

from sqlalchemy import Connection

VERSION_TABLE = "aftersales_schema"


def upgrade(connection: Connection) -> None:
    """Run every step that the database behind `connection` has not had, in its transaction."""
    from alembic import command  # slow to import, and only needed here
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
