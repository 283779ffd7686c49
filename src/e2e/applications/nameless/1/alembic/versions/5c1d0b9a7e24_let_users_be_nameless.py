"""Let users be nameless

Revision ID: 5c1d0b9a7e24
Revises: 94e966246223
Create Date: 2025-03-28 15:12:06.482210

"""

from alembic import op

revision = "5c1d0b9a7e24"
down_revision = "94e966246223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("users", "display_name", nullable=True)


def downgrade() -> None:
    op.alter_column("users", "display_name", nullable=False)
