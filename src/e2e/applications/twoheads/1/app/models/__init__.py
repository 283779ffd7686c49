from app.models.band import Band
from app.models.base import Base
from app.models.search_term import SearchTerm
from app.models.song import Song
from app.models.user import User

__all__ = ["Band", "Base", "SearchTerm", "Song", "User"]
