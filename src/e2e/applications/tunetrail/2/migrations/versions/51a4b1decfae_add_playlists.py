"""Add playlists

Revision ID: 51a4b1decfae
Revises: 207064b25dc6
Create Date: 2025-06-04 08:17:55.702316

"""

import sqlalchemy as sa
from alembic import op

revision = "51a4b1decfae"
down_revision = "207064b25dc6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "playlists",
        sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column("user_id", sa.UUID(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_playlists_user_id"), "playlists", ["user_id"])


def downgrade() -> None:
    op.drop_table("playlists")
