from sqlalchemy import Column, ForeignKey, Index, String

from app.models.base import BaseModel


class Play(BaseModel):
    __tablename__ = "plays"

    user_id = Column(String, ForeignKey("users.id"), nullable=False)

    __table_args__ = (Index("idx_plays_user", "user_id"),)
