"""recorded voices of our messages, and the voice notes that people send.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables and two columns; what waits to be heard is fetched where it still can be."""
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=72), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=True),
        sa.Column("replaces", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recording_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_language_name"), "recording", ["language", "name"])
    op.create_index(op.f("ix_recording_staff_id"), "recording", ["staff_id"])
    op.create_table(
        "voice_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["heard_by"], ["staff.id"], name=op.f("fk_voice_note_heard_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name=op.f("fk_voice_note_inbox_id_inbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_voice_note_inbox_id")),
    )
    op.create_index(op.f("ix_voice_note_due_at"), "voice_note", ["due_at"])
    op.execute(
        "INSERT INTO voice_note (inbox_id, due_at, attempts)"
        " SELECT id, received_at, 0 FROM inbox WHERE kind = 'voice'"
    )
    op.add_column("conversation", sa.Column("listens", sa.Boolean(), nullable=True))
    op.add_column("outbox", sa.Column("voice", sa.String(length=80), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("outbox", "voice")
    op.drop_column("conversation", "listens")
    op.drop_table("voice_note")
    op.drop_table("recording")
