"""Add bands

Revision ID: fcdda123b0dc
Revises: 94e966246223
Create Date: 2025-03-10 10:31:18.700421

"""

import sqlalchemy as sa
from alembic import op

revision = "fcdda123b0dc"
down_revision = "94e966246223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bands",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("name", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("bands")
