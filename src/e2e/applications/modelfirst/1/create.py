import os

from sqlalchemy import create_engine

from models import Base

Base.metadata.create_all(create_engine(os.environ["DATABASE_URL"]))
