import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class DbSong(db.Model):
    __tablename__ = "songs"

    id = db.Column(db.String, primary_key=True)
    title = db.Column(db.String, nullable=False)
    artist = db.Column(db.String)
    album = db.Column(db.String)
    source = db.Column(db.String)  # 'youtube', 'upload', 'local'
    youtube_id = db.Column(db.String)
    file_path = db.Column(db.String)
    vocals_path = db.Column(db.String)
    instrumental_path = db.Column(db.String)
    lyrics = db.Column(db.Text)
    date_added = db.Column(db.DateTime, server_default=db.func.current_timestamp())


class DbJob(db.Model):
    __tablename__ = "jobs"

    id = db.Column(db.String, primary_key=True)
    song_id = db.Column(db.String, db.ForeignKey("songs.id"))
    status = db.Column(db.String)  # 'pending', 'processing', 'completed', 'failed'
    progress = db.Column(db.Integer, server_default="0")
    message = db.Column(db.Text)
    created_at = db.Column(db.DateTime, server_default=db.func.current_timestamp())
    updated_at = db.Column(db.DateTime, server_default=db.func.current_timestamp())


class DbUser(db.Model):
    __tablename__ = "users"

    id = db.Column(db.String, primary_key=True)
    username = db.Column(db.String, unique=True, nullable=False)
    email = db.Column(db.String, unique=True)
    created_at = db.Column(db.DateTime, server_default=db.func.current_timestamp())


class DbPlaylist(db.Model):
    __tablename__ = "playlists"

    id = db.Column(db.String, primary_key=True)
    user_id = db.Column(db.String, db.ForeignKey("users.id"), nullable=False)
    name = db.Column(db.String, nullable=False)
