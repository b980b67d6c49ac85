"""which message of a chat of staff a line answers.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ONCE = "ix_outbox_answers"


def upgrade() -> None:
    """Add the column; each message is answered once."""
    op.add_column("outbox", sa.Column("answers_provider_id", sa.String(255), nullable=True))
    op.create_index(_ONCE, "outbox", ["staff_chat_id", "answers_provider_id"], unique=True)


def downgrade() -> None:
    """Take both away again."""
    op.drop_index(_ONCE, "outbox")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("answers_provider_id")
