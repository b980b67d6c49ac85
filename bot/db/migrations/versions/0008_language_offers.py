"""offers to go on in the language that a person writes in.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "language_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(length=4), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_language_offer_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_language_offer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language_offer")),
    )
    op.create_index(
        op.f("ix_language_offer_conversation_id"), "language_offer", ["conversation_id"]
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("language_offer")
