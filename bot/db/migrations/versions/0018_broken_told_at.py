"""a moment of promises that nothing ever wrote or read.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the column away."""
    with op.batch_alter_table("promise") as batch_op:
        batch_op.drop_column("broken_told_at")


def downgrade() -> None:
    """Add it again; it was always empty."""
    op.add_column("promise", sa.Column("broken_told_at", sa.DateTime(timezone=True), nullable=True))
