"""Add genres

Revision ID: b1e6d1ccc907
Revises: 94e966246223
Create Date: 2025-03-05 08:55:40.031562

"""

import sqlalchemy as sa
from alembic import op

revision = "b1e6d1ccc907"
down_revision = "94e966246223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    genres = op.create_table("genres", sa.Column("name", sa.String(), primary_key=True))
    op.bulk_insert(genres, [{"name": name} for name in ("blues", "jazz", "rock")])


def downgrade() -> None:
    op.drop_table("genres")
