from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The schema's definition; queries at run time go by PyDAL."""
