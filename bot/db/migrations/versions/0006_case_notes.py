"""notes on a case, a person's safe word, when somebody last left by X.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of notes and two columns; who is out by X now left last at that moment."""
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_note_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_case_note_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index(op.f("ix_case_note_person_id"), "case_note", ["person_id"])
    op.add_column("person", sa.Column("safe_word", sa.LargeBinary(), nullable=True))
    op.add_column(
        "conversation", sa.Column("last_left_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE conversation SET last_left_at = left_at")


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("conversation", "last_left_at")
    op.drop_column("person", "safe_word")
    op.drop_table("case_note")
