from sqlalchemy import Column, String

from app.models.base import BaseModel


class Band(BaseModel):
    __tablename__ = "bands"

    name = Column(String, nullable=False)
