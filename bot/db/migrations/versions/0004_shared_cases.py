"""a case may be shared with a colleague.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of shared cases."""
    op.create_table(
        "case_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("shared_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_share_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_case_share_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["shared_by"], ["staff.id"], name=op.f("fk_case_share_shared_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_share")),
        sa.UniqueConstraint("person_id", "staff_id", name=op.f("uq_case_share_person_id_staff_id")),
    )
    op.create_index(op.f("ix_case_share_staff_id"), "case_share", ["staff_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("case_share")
