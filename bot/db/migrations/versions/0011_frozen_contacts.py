"""contacts that an alert froze and a worker released.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "contact_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_contact_release_alert_id_alert")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_release_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["alert_event.id"], name=op.f("fk_contact_release_event_id_alert_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_release")),
    )
    op.create_index(op.f("ix_contact_release_alert_id"), "contact_release", ["alert_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("contact_release")
