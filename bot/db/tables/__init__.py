"""The tables, one module a topic. ``metadata`` knows them all; Alembic's head equals it."""

from bot.db.tables.alerts import (
    alert,
    alert_event,
    alert_notice,
    audit,
    read_mark,
    report_decision,
)
from bot.db.tables.base import metadata
from bot.db.tables.followup import (
    aid_kind,
    aid_request,
    appointment,
    checkin,
    complaint,
    payment,
    programme,
    promise,
    training_enrolment,
)
from bot.db.tables.messages import (
    choice,
    conversation,
    dialogue_state,
    inbox,
    language_offer,
    outbox,
)
from bot.db.tables.operations import figure, lease, send_slot
from bot.db.tables.people import (
    access_code,
    care_link,
    case_note,
    case_share,
    consent,
    person,
)
from bot.db.tables.review import review, unclear
from bot.db.tables.staff import (
    duty_shift,
    helpline,
    helpline_change,
    recovery_code,
    staff,
    staff_chat,
    staff_leave,
    staff_session,
    structure,
)
from bot.db.tables.words import translation, translation_reviewer

__all__ = [
    "access_code",
    "aid_kind",
    "aid_request",
    "alert",
    "alert_event",
    "alert_notice",
    "appointment",
    "audit",
    "care_link",
    "case_note",
    "case_share",
    "checkin",
    "choice",
    "complaint",
    "consent",
    "conversation",
    "dialogue_state",
    "duty_shift",
    "figure",
    "helpline",
    "helpline_change",
    "inbox",
    "language_offer",
    "lease",
    "metadata",
    "outbox",
    "payment",
    "person",
    "programme",
    "promise",
    "read_mark",
    "recovery_code",
    "report_decision",
    "review",
    "send_slot",
    "staff",
    "staff_chat",
    "staff_leave",
    "staff_session",
    "structure",
    "training_enrolment",
    "translation",
    "translation_reviewer",
    "unclear",
]
