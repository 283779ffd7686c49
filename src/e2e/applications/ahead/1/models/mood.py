from sqlalchemy import Column, Integer, String

from models.base import Base


class Mood(Base):
    """No revision makes it yet."""

    __tablename__ = "moods"

    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
