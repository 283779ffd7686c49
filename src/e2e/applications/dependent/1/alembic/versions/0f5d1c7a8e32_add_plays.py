"""Add plays

A branch of its own, for a service of its own, which needs the users of another.

Revision ID: 0f5d1c7a8e32
Revises:
Create Date: 2025-03-17 15:20:44.019283

"""

import sqlalchemy as sa
from alembic import op

revision = "0f5d1c7a8e32"
down_revision = None
branch_labels = ("plays",)
depends_on = "ebdde5263aa5"


def upgrade() -> None:
    op.create_table(
        "plays",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("plays")
