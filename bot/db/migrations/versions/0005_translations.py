"""reviewers edit and sign translations.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of translations and of those who review them."""
    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("context", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Text(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_translation_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
    )
    op.create_index(op.f("ix_translation_language"), "translation", ["language"])
    op.create_index(op.f("ix_translation_staff_id"), "translation", ["staff_id"])
    op.create_table(
        "translation_reviewer",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_translation_reviewer_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["staff.id"], name=op.f("fk_translation_reviewer_named_by_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", "language", name=op.f("pk_translation_reviewer")),
    )
    op.create_index(op.f("ix_translation_reviewer_named_by"), "translation_reviewer", ["named_by"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("translation_reviewer")
    op.drop_table("translation")
