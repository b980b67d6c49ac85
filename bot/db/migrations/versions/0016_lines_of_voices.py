"""a voice put together from those of its lines has a longer name.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SHORT, _LONG = sa.String(length=80), sa.Text()


def upgrade() -> None:
    """Give the column room."""
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("voice", existing_type=_SHORT, type_=_LONG, existing_nullable=True)


def downgrade() -> None:
    """Take it away again, and the longer names with it: those messages are not heard any more."""
    op.execute("UPDATE outbox SET voice = NULL WHERE length(voice) > 80")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("voice", existing_type=_LONG, type_=_SHORT, existing_nullable=True)
