from models.base import Base
from models.track import Track
from models.user import User

__all__ = ["Base", "Track", "User"]
