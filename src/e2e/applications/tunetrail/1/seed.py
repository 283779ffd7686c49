"""Puts in the fixtures that the database lacks."""

import asyncio
import os
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine

from models import Track, User

LISTENER = UUID("7a1e0c5d-3f2b-4b8a-9c61-0d5e8f4a2b17")
FIXTURES = [
    (User, [{"id": LISTENER, "email": "listener@example.org", "preferences": {"theme": "dark"}}]),
    (
        Track,
        [
            {"id": UUID(int=1), "user_id": LISTENER, "title": "So What", "artist": "Miles Davis"},
            {"id": UUID(int=2), "user_id": LISTENER, "title": "Naima", "artist": "John Coltrane"},
        ],
    ),
]


async def main() -> None:
    engine = create_async_engine(os.environ["DATABASE_URL"])
    added = 0
    async with engine.begin() as conn:
        for model, rows in FIXTURES:
            result = await conn.execute(insert(model).values(rows).on_conflict_do_nothing())
            added += result.rowcount
    await engine.dispose()
    print(f"{added} fixtures added")


if __name__ == "__main__":
    asyncio.run(main())
