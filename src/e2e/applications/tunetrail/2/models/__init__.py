from models.base import Base
from models.playlist import Playlist
from models.track import Track
from models.user import User

__all__ = ["Base", "Playlist", "Track", "User"]
