from sqlalchemy import Column, ForeignKey, String

from app.models.base import BaseModel


class SearchTerm(BaseModel):
    __tablename__ = "search_terms"

    song_id = Column(String, ForeignKey("songs.id"), nullable=False)
    term = Column(String, nullable=False, index=True)
