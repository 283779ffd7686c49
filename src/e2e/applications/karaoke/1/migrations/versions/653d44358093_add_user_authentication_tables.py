"""Add user authentication tables

Revision ID: 653d44358093
Revises: 2c1c8745c08f
Create Date: 2025-04-11 20:03:14.081947

"""

import sqlalchemy as sa
from alembic import op

revision = "653d44358093"
down_revision = "2c1c8745c08f"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("username", sa.String(), nullable=False, unique=True),
        sa.Column("email", sa.String(), unique=True),
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.current_timestamp()),
    )


def downgrade():
    op.drop_table("users")
