from models.base import Base
from models.mood import Mood
from models.track import Track
from models.user import User

__all__ = ["Base", "Mood", "Track", "User"]
