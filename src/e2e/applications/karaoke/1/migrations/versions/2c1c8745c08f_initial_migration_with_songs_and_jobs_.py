"""Initial migration with songs and jobs tables

Revision ID: 2c1c8745c08f
Revises:
Create Date: 2025-03-30 19:48:22.610358

"""

import sqlalchemy as sa
from alembic import op

revision = "2c1c8745c08f"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "songs",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String()),
        sa.Column("album", sa.String()),
        sa.Column("source", sa.String()),
        sa.Column("youtube_id", sa.String()),
        sa.Column("file_path", sa.String()),
        sa.Column("vocals_path", sa.String()),
        sa.Column("instrumental_path", sa.String()),
        sa.Column("lyrics", sa.Text()),
        sa.Column("date_added", sa.DateTime(), server_default=sa.func.current_timestamp()),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("song_id", sa.String(), sa.ForeignKey("songs.id")),
        sa.Column("status", sa.String()),
        sa.Column("progress", sa.Integer(), server_default="0"),
        sa.Column("message", sa.Text()),
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.current_timestamp()),
        sa.Column("updated_at", sa.DateTime(), server_default=sa.func.current_timestamp()),
    )


def downgrade():
    op.drop_table("jobs")
    op.drop_table("songs")
