"""Creates the tables that the database lacks: what the community edition does at every start."""

import asyncio
import os
import sys

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from models import Base


class DatabaseInitializer:
    def __init__(self, db_engine: AsyncEngine):
        self.engine = db_engine
        self.edition = os.environ.get("EDITION", "community").lower()
        self.environment = os.environ.get("ENVIRONMENT", "development").lower()

    async def initialize(self) -> int:
        """Return how many tables the database has afterwards."""
        if self.edition != "community":
            sys.exit(f"The tables of edition {self.edition} come from Alembic: alembic upgrade head")
        async with self.engine.begin() as conn:
            await conn.run_sync(Base.metadata.create_all)
            return await conn.run_sync(lambda connection: len(inspect(connection).get_table_names()))


async def main() -> None:
    engine = create_async_engine(os.environ["DATABASE_URL"])
    initializer = DatabaseInitializer(engine)
    table_count = await initializer.initialize()
    await engine.dispose()
    print(f"Database initialized ({table_count} tables)")
    print(f"Edition: {initializer.edition}")
    print(f"Environment: {initializer.environment}")


if __name__ == "__main__":
    asyncio.run(main())
