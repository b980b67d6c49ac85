"""when a person last wrote, which may be long before it reached us.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

import bot.db.types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin with what was known: when it came."""
    op.add_column("conversation", sa.Column("last_written_at", bot.db.types.UtcDateTime()))
    op.execute("UPDATE conversation SET last_written_at = last_inbound_at")


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("conversation") as table:
        table.drop_column("last_written_at")
