"""what whoever has a conversation was asked about before writing.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("conversation", sa.Column("owner_knows", sa.String(length=8), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("conversation") as batch_op:
        batch_op.drop_column("owner_knows")
