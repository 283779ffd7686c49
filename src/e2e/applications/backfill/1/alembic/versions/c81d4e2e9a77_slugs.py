"""slugs of songs, made from what is there

Revision ID: c81d4e2e9a77
Revises: 94e966246223
"""
from alembic import op
import sqlalchemy as sa

revision = "c81d4e2e9a77"
down_revision = "94e966246223"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("songs", sa.Column("slug", sa.String(100)))
    songs = op.get_bind().execute(sa.text("SELECT id, title FROM songs ORDER BY id")).fetchall()
    for id, title in songs:
        op.execute(sa.text("UPDATE songs SET slug = :slug WHERE id = :id").bindparams(slug=title.lower(), id=id))
    op.create_index("songs_slug", "songs", ["slug"], unique=True)
    op.execute("COMMENT ON COLUMN songs.slug IS '100% lower case'")


def downgrade():
    op.drop_column("songs", "slug")
