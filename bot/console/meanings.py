"""What each intent means, for somebody who says what a message meant."""

from __future__ import annotations

from bot.i18n.translator import Translate


def meanings(translate: Translate) -> dict[str, dict[str, str]]:
    """Return the intents that can be chosen, by the part of life that they are about."""
    _ = translate
    return {
        _("Argent et rendez-vous"): {
            "ask_payment": _("L’argent : quand, combien, arrivé ?"),
            "report_payment_problem": _("L’argent n’est pas juste, ou quelqu’un en a pris"),
            "ask_appointment": _("Un rendez-vous ou une visite : quand, où ?"),
            "reschedule_appointment": _("Un autre jour pour un rendez-vous"),
        },
        _("Formation, école, travail"): {
            "ask_training": _("Quelles formations, comment entrer ?"),
            "ask_training_status": _("Sa formation à soi : quand, où ?"),
            "report_absence": _("Ne vient pas à l’atelier ou à l’école"),
            "ask_school": _("L’école : y aller, frais, fournitures"),
            "ask_work": _("Cherche du travail"),
        },
        _("Aide et services"): {
            "ask_aid": _("Quelles aides, à quoi on a droit ?"),
            "ask_aid_status": _("Son kit ou sa demande : où ça en est ?"),
            "ask_documents": _("Papiers : extrait de naissance, identité"),
            "ask_shelter": _("Un endroit où dormir, un foyer"),
            "ask_health_care": _("Se soigner : où, qui paie ?"),
        },
        _("Comment ça va"): {
            "report_good": _("Ça va bien"),
            "report_bad": _("Ça ne va pas, sans danger"),
            "report_sick": _("Malade, blessure, sans urgence"),
            "start_checkin": _("Veut donner de ses nouvelles"),
        },
        _("Personnes et données"): {
            "talk_to_human": _("Veut parler à une personne"),
            "ask_family_contact": _("Retrouver ou appeler la famille"),
            "update_contact": _("Nouveau numéro, nouvelle adresse"),
            "wrong_person": _("Ce n’est pas la bonne personne"),
            "ask_privacy": _("Qui lit, qu’est-ce qui est gardé ?"),
            "delete_my_data": _("Effacer ses données"),
            "stop_messages": _("Ne plus recevoir de messages"),
        },
        _("Conversation"): {
            "greet": _("Bonjour"),
            "goodbye": _("Au revoir"),
            "thank": _("Merci"),
            "affirm": _("Oui"),
            "deny": _("Non"),
            "ask_help": _("Que sait faire le programme ?"),
            "bot_challenge": _("Est-ce une personne ou un programme ?"),
            "change_language": _("Une autre langue"),
            "out_of_scope": _("Autre chose, sans lien avec le programme"),
        },
    }
