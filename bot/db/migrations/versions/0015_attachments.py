"""pictures and files that people send, kept like their voice notes.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the voice notes to a table for all that is sent; fetch what pictures there still are."""
    _create("attachment", "content", "opened", sa.Column("media_type", sa.String(length=40)))
    op.execute(
        "INSERT INTO attachment"
        " (id, inbox_id, content, due_at, attempts, error, fetched_at, opened_at, opened_by)"
        " SELECT id, inbox_id, sound, due_at, attempts, error, fetched_at, heard_at, heard_by"
        " FROM voice_note"
    )
    _go_on_counting("attachment")
    op.execute(
        "INSERT INTO attachment (inbox_id, due_at, attempts)"
        " SELECT id, received_at, 0 FROM inbox WHERE kind = 'photo'"
    )
    op.drop_table("voice_note")


def downgrade() -> None:
    """Keep the voice notes alone."""
    _create("voice_note", "sound", "heard")
    op.execute(
        "INSERT INTO voice_note"
        " (id, inbox_id, sound, due_at, attempts, error, fetched_at, heard_at, heard_by)"
        " SELECT attachment.id, inbox_id, content, due_at, attachment.attempts, error, fetched_at,"
        " opened_at, opened_by"
        " FROM attachment JOIN inbox ON inbox.id = inbox_id WHERE inbox.kind = 'voice'"
    )
    _go_on_counting("voice_note")
    op.drop_table("attachment")


def _create(table: str, content: str, met: str, *more: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column(content, sa.LargeBinary(), nullable=True),
        *more,
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(f"{met}_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(f"{met}_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            [f"{met}_by"], ["staff.id"], name=op.f(f"fk_{table}_{met}_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name=op.f(f"fk_{table}_inbox_id_inbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("inbox_id", name=op.f(f"uq_{table}_inbox_id")),
    )
    op.create_index(op.f(f"ix_{table}_due_at"), table, ["due_at"])


def _go_on_counting(table: str) -> None:
    """Give the next row a number of its own: PostgreSQL does not see those that were given."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id))"  # noqa: S608
            f" FROM {table} HAVING max(id) IS NOT NULL"
        )
