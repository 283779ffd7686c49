from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String
from sqlalchemy.orm import relationship

from app.models.base import BaseModel


class Song(BaseModel):
    __tablename__ = "songs"

    user_id = Column(String, ForeignKey("users.id"), nullable=False)
    title = Column(String, nullable=False, index=True)
    artist = Column(String, index=True)
    key = Column(String)
    tempo = Column(Integer)
    genre = Column(String)
    chart_types = Column(JSON, default=list)  # ["guitar", "bass", "drums"]
    drive_file_id = Column(String, unique=True)

    user = relationship("User", back_populates="repertoire")

    __table_args__ = (
        Index("idx_user_songs", "user_id", "title"),
    )
