"""Add song search

Revision ID: 6615f34387a3
Revises: 94e966246223
Create Date: 2025-03-12 14:05:59.113870

"""

import sqlalchemy as sa
from alembic import op

revision = "6615f34387a3"
down_revision = "94e966246223"
branch_labels = ("search",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_terms",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("song_id", sa.String(), sa.ForeignKey("songs.id"), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_search_terms_term"), "search_terms", ["term"])


def downgrade() -> None:
    op.drop_index(op.f("ix_search_terms_term"), table_name="search_terms")
    op.drop_table("search_terms")
