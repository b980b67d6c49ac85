"""a second step of signing in, trusted phones, days off, helplines changed by staff.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them. Whoever was signed in signs in again: sessions get a number of their own."""
    _remake_sessions(
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False, server_default=""),
        sa.Column("wants_code", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("trusted_until", _MOMENT, nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_index", sa.String(length=64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_index", name=op.f("uq_recovery_code_code_index")),
    )
    op.create_index(op.f("ix_recovery_code_staff_id"), "recovery_code", ["staff_id"])
    op.create_table(
        "staff_leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_leave_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_leave")),
    )
    op.create_index(op.f("ix_staff_leave_staff_id"), "staff_leave", ["staff_id"])
    op.create_table(
        "helpline_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("helpline_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("number_before", sa.String(length=40), nullable=False),
        sa.Column("number_after", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["helpline_id"], ["helpline.id"], name=op.f("fk_helpline_change_helpline_id_helpline")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_helpline_change_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helpline_change")),
    )
    op.create_index(op.f("ix_helpline_change_helpline_id"), "helpline_change", ["helpline_id"])
    op.add_column("staff", sa.Column("totp_secret", sa.LargeBinary(), nullable=True))
    op.add_column("staff", sa.Column("totp_since", _MOMENT, nullable=True))
    op.add_column("staff", sa.Column("totp_step", sa.Integer(), nullable=True))
    op.add_column(
        "structure", sa.Column("closed_days", sa.JSON(), nullable=False, server_default="{}")
    )
    with op.batch_alter_table("helpline") as batch:
        batch.add_column(sa.Column("seed_key", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("edited_at", _MOMENT, nullable=True))
        batch.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.create_unique_constraint(batch.f("uq_helpline_seed_key"), ["seed_key"])
    op.execute("UPDATE helpline SET seed_key = country || ' ' || number || ' ' || audience")


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("helpline") as batch:
        batch.drop_constraint(batch.f("uq_helpline_seed_key"), type_="unique")
        batch.drop_column("active")
        batch.drop_column("edited_at")
        batch.drop_column("seed_key")
    op.drop_column("structure", "closed_days")
    op.drop_column("staff", "totp_step")
    op.drop_column("staff", "totp_since")
    op.drop_column("staff", "totp_secret")
    op.drop_table("helpline_change")
    op.drop_table("staff_leave")
    op.drop_table("recovery_code")
    _remake_sessions(
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )


def _remake_sessions(*different: sa.schema.SchemaItem) -> None:
    op.drop_table("staff_session")
    op.create_table(
        "staff_session",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        *different,
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff")
        ),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"])
