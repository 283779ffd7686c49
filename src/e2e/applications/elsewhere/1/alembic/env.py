"""Keeps its revision under a name of its own, in a schema that somebody else made."""

from alembic import context
from sqlalchemy import engine_from_config, pool

from app.models import Base

config = context.config

engine = engine_from_config(
    config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool
)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table="Revision of songs",
        version_table_schema="bookkeeping",
    )
    with context.begin_transaction():
        context.run_migrations()
