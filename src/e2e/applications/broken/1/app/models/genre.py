from sqlalchemy import Column, String

from app.models.base import Base


class Genre(Base):
    __tablename__ = "genres"

    name = Column(String, primary_key=True)
