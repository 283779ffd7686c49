import uuid

from sqlalchemy import UUID, Column, ForeignKey, String

from models.base import Base


class Playlist(Base):
    __tablename__ = "playlists"

    id = Column(UUID, primary_key=True, default=uuid.uuid4)
    user_id = Column(UUID, ForeignKey("users.id"), nullable=False, index=True)
    name = Column(String, nullable=False)
