import uuid

from sqlalchemy import UUID, Column, DateTime, Float, ForeignKey, String, func

from models.base import Base


class Track(Base):
    __tablename__ = "tracks"

    id = Column(UUID, primary_key=True, default=uuid.uuid4)
    user_id = Column(UUID, ForeignKey("users.id"), nullable=False, index=True)
    title = Column(String, nullable=False)
    artist = Column(String)
    duration_seconds = Column(Float)
    created_at = Column(DateTime(timezone=True), server_default=func.now())
