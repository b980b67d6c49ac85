"""whether a text is kept belongs to its message, and being read by a human comes to an end.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what was kept for a human, and end what no human has to answer any more."""
    op.add_column(
        "inbox",
        sa.Column("for_a_person", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE inbox SET for_a_person = true WHERE text IS NOT NULL AND conversation_id IN"
        " (SELECT id FROM conversation WHERE human_asked_at IS NOT NULL)"
    )
    op.execute(
        "UPDATE conversation SET human_asked_at = NULL WHERE owner_id IS NULL AND NOT ("
        " EXISTS (SELECT 1 FROM promise WHERE promise.conversation_id = conversation.id"
        " AND promise.subject = 'human_answer' AND promise.kept_at IS NULL)"
        " AND EXISTS (SELECT 1 FROM alert WHERE alert.conversation_id = conversation.id"
        " AND alert.state <> 'resolved'))"
    )


def downgrade() -> None:
    """Let what was kept for a human stay, by the one mark that there was: its conversation's."""
    op.execute(
        "UPDATE conversation SET human_asked_at = (SELECT min(received_at) FROM inbox"
        " WHERE inbox.conversation_id = conversation.id AND inbox.for_a_person)"
        " WHERE human_asked_at IS NULL"
    )
    op.drop_column("inbox", "for_a_person")
