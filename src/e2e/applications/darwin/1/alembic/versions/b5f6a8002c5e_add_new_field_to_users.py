"""Add new_field to users

Revision ID: b5f6a8002c5e
Revises: 7b03e3bb26dc
Create Date: 2025-05-06 09:01:27.998103

"""

import sqlalchemy as sa
from alembic import op

revision = "b5f6a8002c5e"
down_revision = "7b03e3bb26dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("new_field", sa.String(length=255)))


def downgrade() -> None:
    op.drop_column("users", "new_field")
