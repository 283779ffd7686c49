from app.models.base import Base
from app.models.song import Song
from app.models.user import User

__all__ = ["Base", "Song", "User"]
