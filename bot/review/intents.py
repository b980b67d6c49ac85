"""The intents that a reviewer may give a message.

The others are no example's to teach here: a danger is marked as one, with its category, and a
complaint about staff goes to the focal point.
"""

TEACHABLE = (
    *("greet", "goodbye", "thank", "affirm", "deny", "ask_help", "bot_challenge"),
    *("change_language", "report_good", "report_bad", "report_sick", "start_checkin"),
    *("ask_training", "ask_training_status", "report_absence", "ask_work", "ask_school"),
    *("ask_aid", "ask_aid_status", "ask_documents", "ask_shelter", "ask_health_care"),
    *("ask_payment", "report_payment_problem", "ask_appointment", "reschedule_appointment"),
    *("ask_family_contact", "update_contact", "wrong_person", "talk_to_human"),
    *("ask_privacy", "delete_my_data", "stop_messages", "out_of_scope"),
)
