"""Add tracks

Revision ID: 207064b25dc6
Revises: 0c5619759e70
Create Date: 2025-05-20 17:26:09.348850

"""

import sqlalchemy as sa
from alembic import op

revision = "207064b25dc6"
down_revision = "0c5619759e70"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracks",
        sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column("user_id", sa.UUID(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String()),
        sa.Column("duration_seconds", sa.Float()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.create_index(op.f("ix_tracks_user_id"), "tracks", ["user_id"])


def downgrade() -> None:
    op.drop_table("tracks")
