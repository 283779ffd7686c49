"""Index plays by user

Revision ID: 066f3f7b5b71
Revises: 9de7e329bac6
Create Date: 2025-02-12 09:44:51.836220

"""

from alembic import op

revision = "066f3f7b5b71"
down_revision = "9de7e329bac6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("idx_plays_user", "plays", ["user_id"], postgresql_concurrently=True, if_not_exists=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("idx_plays_user", table_name="plays", postgresql_concurrently=True, if_exists=True)
