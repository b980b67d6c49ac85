"""who is writing to a person at this moment.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "typing_claim",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_typing_claim_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_typing_claim_staff_id_staff")
        ),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_typing_claim_conversation_id")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("typing_claim")
