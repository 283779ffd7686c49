from app.models.base import Base
from app.models.play import Play
from app.models.user import User

__all__ = ["Base", "Play", "User"]
