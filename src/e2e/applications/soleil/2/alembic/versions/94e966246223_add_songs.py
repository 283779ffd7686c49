"""Add songs

Revision ID: 94e966246223
Revises: ebdde5263aa5
Create Date: 2025-02-03 16:40:05.918264

"""

import sqlalchemy as sa
from alembic import op

revision = "94e966246223"
down_revision = "ebdde5263aa5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "songs",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String()),
        sa.Column("key", sa.String()),
        sa.Column("tempo", sa.Integer()),
        sa.Column("genre", sa.String()),
        sa.Column("chart_types", sa.JSON()),
        sa.Column("drive_file_id", sa.String(), unique=True),
    )
    op.create_index("idx_user_songs", "songs", ["user_id", "title"])
    op.create_index(op.f("ix_songs_artist"), "songs", ["artist"])
    op.create_index(op.f("ix_songs_title"), "songs", ["title"])


def downgrade() -> None:
    op.drop_index(op.f("ix_songs_title"), table_name="songs")
    op.drop_index(op.f("ix_songs_artist"), table_name="songs")
    op.drop_index("idx_user_songs", table_name="songs")
    op.drop_table("songs")
