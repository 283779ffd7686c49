"""Add plays

Revision ID: 9de7e329bac6
Revises: ebdde5263aa5
Create Date: 2025-02-11 13:20:02.447905

"""

import sqlalchemy as sa
from alembic import op

revision = "9de7e329bac6"
down_revision = "ebdde5263aa5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT pg_sleep(20)")
    op.create_table(
        "plays",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("plays")
