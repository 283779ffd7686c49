from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """What create_all and Alembic both start from."""
