"""Index songs by date

Revision ID: b929f80a8f42
Revises: 94e966246223
Create Date: 2025-03-21 11:02:47.260934

"""

from alembic import op

revision = "b929f80a8f42"
down_revision = "94e966246223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("idx_created", "songs", ["created_at"], postgresql_concurrently=True, if_not_exists=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("idx_created", table_name="songs", postgresql_concurrently=True, if_exists=True)
