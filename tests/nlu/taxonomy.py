"""The names that training data may use, in the taxonomy's order."""

from __future__ import annotations

INTENTS = (
    *("greet", "goodbye", "thank", "affirm", "deny", "ask_help", "bot_challenge"),
    *("change_language", "report_good", "report_bad", "report_sick", "start_checkin"),
    *("ask_training", "ask_training_status", "report_absence", "ask_work", "ask_school"),
    *("ask_aid", "ask_aid_status", "ask_documents", "ask_shelter", "ask_health_care"),
    *("ask_payment", "report_payment_problem", "ask_appointment", "reschedule_appointment"),
    *("ask_family_contact", "update_contact", "wrong_person", "talk_to_human"),
    *("complain_staff", "ask_privacy", "delete_my_data", "stop_messages"),
    *("report_other_child", "report_danger", "out_of_scope"),
)
ENTITIES = ("trade", "place", "date", "amount", "phone", "language")
