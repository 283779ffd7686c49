"""Add repositories and reviews

Revision ID: 7b03e3bb26dc
Revises: fad49eb5592c
Create Date: 2025-04-17 15:33:48.204719

"""

import sqlalchemy as sa
from alembic import op

revision = "7b03e3bb26dc"
down_revision = "fad49eb5592c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repositories",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.create_index(op.f("ix_repositories_owner_id"), "repositories", ["owner_id"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("repository_id", sa.Integer(), sa.ForeignKey("repositories.id"), nullable=False),
        sa.Column("pull_request", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=50), nullable=False, server_default="pending"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.create_index(op.f("ix_reviews_repository_id"), "reviews", ["repository_id"])


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_table("repositories")
