"""What a file holds, in the words of the console. None agrees in gender with a person."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.i18n.translator import Translate


class FileWords:
    """Says the codes of a file in one language."""

    def __init__(self, translate: Translate) -> None:
        _ = self._ = translate
        self.kinds = {
            "beneficiary": _("Jeune dans le programme"),
            "caregiver": _("Famille, ou qui s’occupe de jeunes"),
        }
        self.forms = {"tu": _("on se dit tu"), "vous": _("on se dit vous")}
        self.relations = {
            "mother": _("mère"),
            "father": _("père"),
            "aunt": _("tante"),
            "uncle": _("oncle"),
            "grandparent": _("grand-parent"),
            "sibling": _("frère ou sœur"),
            "guardian": _("tutelle"),
            "host": _("famille d’accueil"),
            "other": _("autre"),
        }
        self.rights = {
            "sees_payments": _("les paiements"),
            "sees_training": _("la formation"),
            "sees_places": _("les lieux et les heures"),
        }
        self.given_by = {
            "self": _("La personne elle-même"),
            "guardian": _("Un parent, ou qui a la tutelle"),
            "worker": _("L’équipe, sans parent ni tutelle"),
        }
        self.answers = {"yes": _("Oui"), "no": _("Non")}
        self.visits = {
            "visit": _("Visite"),
            "office": _("Rendez-vous au bureau"),
            "call": _("Appel"),
            "health": _("Rendez-vous de santé"),
        }
        self._visit_states = {
            "planned": _("prévu"),
            "moved": _("déplacé"),
            "done": _("a eu lieu"),
            "missed": _("n’a pas eu lieu"),
        }
        self._payments = {
            "due": _("pas encore envoyé"),
            "sent": _("envoyé, réception pas confirmée"),
            "received": _("bien reçu"),
            "not_received": _("dit ne pas l’avoir reçu"),
            "wrong_amount": _("dit que le montant n’est pas bon"),
        }
        self._training = {
            "requested": _("réponse à donner"),
            "accepted": _("c’est oui"),
            "refused": _("c’est non"),
            "following": _("en cours"),
            "done": _("fini"),
        }
        self._aid = {
            "requested": _("réponse à donner"),
            "approved": _("c’est oui"),
            "ready": _("à prendre"),
            "given": _("donné"),
            "refused": _("c’est non"),
        }
        self._workshop = {
            "every_day": _("atelier : tous les jours"),
            "some_days": _("atelier : pas tous les jours"),
            "no": _("atelier : non"),
        }
        self._contact = {
            "writing": _("veut parler, par écrit"),
            "call": _("veut un appel"),
            "no": _("ne veut pas parler maintenant"),
        }

    def relation(self, code: str) -> str:
        """Say what a caregiver is to a child; words of an imported sheet as they are."""
        return self.relations.get(code, code)

    def visit_state(self, code: str) -> str:
        """Say what became of an appointment."""
        return self._visit_states.get(code, code)

    def payment_state(self, code: str) -> str:
        """Say what is known of a payment."""
        return self._payments.get(code, code)

    def training_state(self, code: str) -> str:
        """Say what became of a wish to learn."""
        return self._training.get(code, code)

    def aid_state(self, code: str) -> str:
        """Say what became of a wish for help."""
        return self._aid.get(code, code)

    def score(self, row: Row) -> str:
        """Say the faces of a check-in: "semaine 2 sur 5, sommeil 4 sur 5"."""
        _ = self._
        parts = []
        if row.week is not None:
            parts.append(_("semaine {score} sur 5").format(score=row.week))
        if row.sleep is not None:
            parts.append(_("sommeil {score} sur 5").format(score=row.sleep))
        return ", ".join(parts)

    def rest_of_checkin(self, row: Row) -> str:
        """Say the other answers of a check-in."""
        _ = self._
        parts = [self._workshop.get(row.workshop, ""), self._contact.get(row.wants_contact, "")]
        if row.calm_hour:
            parts.append(_("heure calme : {hour}").format(hour=row.calm_hour))
        return " · ".join(part for part in parts if part)

    def consent(self, row: Row) -> str:
        """Say an answer: who said yes or no, and who noted it."""
        _ = self._
        who = self.given_by.get(row.given_by, row.given_by)
        said = _("{who} a dit oui") if row.answer == "yes" else _("{who} a dit non")
        return said.format(who=who)
