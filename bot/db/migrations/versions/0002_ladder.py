"""alerts climb: the ladder, the rota, decisions on reporting, what was read.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns; alerts that wait begin at the foot of the ladder."""
    with op.batch_alter_table("alert") as batch:
        batch.add_column(sa.Column("level", sa.String(length=20)))
        batch.add_column(sa.Column("climbs_at", _MOMENT))
        batch.add_column(sa.Column("changed_at", _MOMENT))
    op.execute(
        "UPDATE alert SET changed_at = opened_at, climbs_at = CASE "
        "WHEN state = 'open' AND severity <> 'normal' THEN opened_at END"
    )
    with op.batch_alter_table("alert") as batch:
        batch.alter_column("changed_at", existing_type=_MOMENT, nullable=False)
        batch.drop_column("notified_at")
        batch.create_index(batch.f("ix_alert_climbs_at"), ["climbs_at"])
    with op.batch_alter_table("alert_event") as batch:
        batch.add_column(sa.Column("to_staff_id", sa.Integer()))
        batch.create_foreign_key(
            batch.f("fk_alert_event_to_staff_id_staff"), "staff", ["to_staff_id"], ["id"]
        )
        batch.create_index(batch.f("ix_alert_event_to_staff_id"), ["to_staff_id"])
    _create(
        "alert_notice",
        {"alert_id": "alert", "staff_id": "staff", "staff_chat_id": "staff_chat"},
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("staff_chat_id", sa.Integer()),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("token", sa.String(length=24), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=12)),
        sa.Column("answered_at", _MOMENT),
        sa.UniqueConstraint("token", name=op.f("uq_alert_notice_token")),
    )
    _create(
        "report_decision",
        {"alert_id": "alert", "staff_id": "staff"},
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=14), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    _create(
        "duty_shift",
        {"structure_id": "structure", "staff_id": "staff"},
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=12), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "read_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("object_type", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_read_mark_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_mark")),
        sa.UniqueConstraint(
            "staff_id",
            "object_type",
            "object_id",
            name=op.f("uq_read_mark_staff_id_object_type_object_id"),
        ),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("read_mark", "duty_shift", "report_decision", "alert_notice"):
        op.drop_table(table)
    with op.batch_alter_table("alert_event") as batch:
        batch.drop_index(batch.f("ix_alert_event_to_staff_id"))
        batch.drop_constraint(batch.f("fk_alert_event_to_staff_id_staff"), type_="foreignkey")
        batch.drop_column("to_staff_id")
    with op.batch_alter_table("alert") as batch:
        batch.add_column(sa.Column("notified_at", _MOMENT))
        batch.drop_index(batch.f("ix_alert_climbs_at"))
        for name in ("changed_at", "climbs_at", "level"):
            batch.drop_column(name)


def _create(table: str, references: dict[str, str], *columns: sa.schema.SchemaItem) -> None:
    """Create a table with an id, and an index on each of its references."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
            )
            for column, other in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in references:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
