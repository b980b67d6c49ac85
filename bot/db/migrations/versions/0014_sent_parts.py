"""which parts of a long message have left.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("sent_parts", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("sent_parts")
