"""indexes of what waits alone: a queue costs the same however much went through it before.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_inbox_next", "inbox", "id", "done_at IS NULL"),
    ("ix_outbox_queued_of", "outbox", "conversation_id", "state = 'queued'"),
    ("ix_outbox_queued_to_staff", "outbox", "staff_chat_id", "state = 'queued'"),
    ("ix_outbox_held", "outbox", "conversation_id", "state = 'held'"),
)


def upgrade() -> None:
    """Create them."""
    for name, table, column, condition in _INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them."""
    for name, table, _column, _condition in reversed(_INDEXES):
        op.drop_index(name, table)
