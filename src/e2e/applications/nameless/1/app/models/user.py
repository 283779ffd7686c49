from sqlalchemy import JSON, Boolean, Column, String
from sqlalchemy.orm import relationship

from app.models.base import BaseModel


class User(BaseModel):
    __tablename__ = "users"

    email = Column(String, unique=True, nullable=False, index=True)
    google_id = Column(String, unique=True, nullable=False)
    display_name = Column(String)
    profile_data = Column(JSON, default=dict)
    is_active = Column(Boolean, default=True)

    repertoire = relationship("Song", back_populates="user")
