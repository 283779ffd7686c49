"""Create users

Revision ID: 0c5619759e70
Revises:
Create Date: 2025-05-19 12:00:36.119472

"""

import sqlalchemy as sa
from alembic import op

revision = "0c5619759e70"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column("email", sa.String(), nullable=False, unique=True),
        sa.Column("preferences", sa.JSON()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.drop_table("users")
