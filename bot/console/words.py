"""What is known of alerts, people and messages, in the words of the console.

Codes of the database come in, words for the eye go out. All of them pass through gettext; none
agrees in gender with a person.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from sqlalchemy.engine import Row

from bot.i18n.translator import Translate
from bot.i18n.values import format_money


class Words:
    """Says things in one language. Moments are shown in the time zone that is asked for."""

    def __init__(self, translate: Translate, locale: Locale) -> None:
        _ = self._ = translate
        self._locale = locale
        self._severities = {
            "critical": _("Critique"),
            "high": _("Urgent"),
            "normal": _("Normal"),
        }
        self._flags = {
            "self_harm": _("Envie de mourir, se faire du mal"),
            "violence": _("Violence"),
            "sexual_abuse": _("Violence sexuelle"),
            "exploitation": _("Exploitation, travail forcé"),
            "medical_emergency": _("Urgence médicale"),
            "basic_needs": _("Faim, nulle part où dormir"),
            "missing_child": _("Enfant introuvable"),
            "fear": _("Peur, danger pas nommé"),
        }
        self._kinds = {
            "red_flag": _("Signe de danger"),
            "safe_word": _("Mot de secours écrit"),
            "human_asked": _("Demande à parler à une personne"),
            "not_understood": _("Message pas compris"),
            "dialogue_failed": _("Panne du programme, réponse à donner"),
            "stopped": _("A écrit STOP"),
            "wrong_person": _("Dit être une autre personne"),
            "name_mismatch": _("Prénom à vérifier"),
            "code_failures": _("Trop de codes faux"),
            "consent_refused": _("A dit non à l’accord"),
            "low_score": _("Moral bas"),
            "voice": _("Vocal ou photo à ouvrir"),
            "payment": _("Problème de paiement"),
            "staff_complaint": _("Plainte sur l’équipe ou un partenaire"),
            "undelivered": _("Une réponse n’est pas arrivée"),
            "task": _("Tâche"),
        }
        self._tasks = {
            "absence": _("Absence à l’atelier ou à l’école"),
            "aid": _("Demande une aide"),
            "appointment": _("Demande un autre rendez-vous"),
            "erasure": _("Demande d’effacer ses données"),
            "sick": _("Malade ou mal en point"),
            "training": _("Demande une formation"),
        }
        self._appointments = {
            "visit": _("Visite"),
            "office": _("Rendez-vous au bureau"),
            "call": _("Appel prévu"),
            "health": _("Rendez-vous de santé"),
        }
        self._promises = {
            "human_answer": _("Réponse d’une personne"),
            "erasure": _("Effacer des données"),
            "staff_complaint": _("Plainte sur l’équipe ou un partenaire"),
            "training": _("Formation demandée"),
            "appointment": _("Autre rendez-vous"),
            "aid": _("Aide demandée"),
        }
        self._decisions = {
            "reported": _("Signalé aux autorités"),
            "to_report": _("À signaler"),
            "not_reported": _("Pas de signalement"),
        }
        self._levels = {
            "worker": _("la personne qui suit le dossier"),
            "on_call": _("la garde"),
            "supervisor": _("la supervision"),
            "focal_point": _("le point focal"),
            "second_focal_point": _("le point focal d’une autre structure"),
            "outside_supervisor": _("une supervision d’une autre structure"),
        }
        self._outcomes = {
            "safe_now": _("En sécurité maintenant"),
            "referred": _("Relais pris par un autre service"),
            "visit_planned": _("Visite prévue"),
            "called": _("Appel fait"),
            "answered": _("Réponse donnée par écrit"),
            "false_alarm": _("Fausse alerte"),
            "nothing": _("Vu, rien à faire"),
        }
        # Notes that the programme writes, as codes.
        self._notes = {
            "hide_from: structure": _("Ne doit pas le voir : le centre"),
            "hide_from: worker": _("Ne doit pas le voir : la personne qui suit le dossier"),
            "hide_from: unknown": _("Ne sait pas qui ne doit pas le voir"),
        }
        self._channels = {
            "telegram": "Telegram",
            "whatsapp": "WhatsApp",
            "webchat": _("Chat web"),
        }
        self._states = {
            "queued": _("En attente d’envoi"),
            "sent": _("Envoyé"),
            "delivered": _("Arrivé"),
            "read": _("Lu"),
            "failed": _("Pas arrivé"),
            "held": _("Gardé jusqu’à son prochain message"),
            "cancelled": _("Annulé, pas parti"),
        }
        self._roles = {
            "social_worker": _("travail social"),
            "on_call": _("garde"),
            "supervisor": _("supervision"),
            "focal_point": _("point focal protection"),
            "administrator": _("administration"),
            "partner": _("partenaire"),
            "observer": _("observation"),
            "reviewer": _("relecture"),
        }

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcomes of an alert, in the order to offer them."""
        return self._outcomes

    @property
    def decisions(self) -> dict[str, str]:
        """The decisions on reporting, in the order to offer them."""
        return self._decisions

    def decision(self, code: str) -> str:
        """Say what was decided on reporting."""
        return self._decisions[code]

    def level(self, code: str) -> str:
        """Say who was told last."""
        return self._levels[code]

    def appointment(self, kind: str) -> str:
        """Say what kind of appointment it is."""
        return self._appointments.get(kind, self._("Rendez-vous"))

    def promise(self, subject: str) -> str:
        """Say what was promised."""
        return self._promises.get(subject, self._("Réponse promise"))

    def promised(self, due_at: datetime, now: datetime, timezone: str) -> str:
        """Say until when something was promised, and whether that has passed."""
        _ = self._
        words = _("promis avant {when} : dépassé") if due_at < now else _("promis avant {when}")
        return words.format(when=self.moment(due_at, now, timezone))

    def money(self, amount: Decimal, currency: str) -> str:
        """Say an amount: "25 000 F"."""
        return format_money(amount, currency, self._locale)

    def severity(self, code: str) -> str:
        """Say how grave an alert is."""
        return self._severities[code]

    def subject(self, alert: Row) -> str:
        """Say what an alert is about: the category of a danger or a task, else the kind."""
        _ = self._
        kind = self._kinds.get(alert.kind, _("À regarder"))
        categories = {"red_flag": self._flags, "task": self._tasks}.get(alert.kind, {})
        return categories.get(alert.category, kind)

    def person(self, alert: Row) -> str:
        """Say whose alert it is, by the number of the file alone."""
        _ = self._
        if alert.case_number is None:
            return _("Personne inconnue")
        case = self.case(alert.case_number)
        return (
            case if alert.enrolment == "confirmed" else _("{case}, à confirmer").format(case=case)
        )

    def case(self, number: str) -> str:
        """Say whose file it is."""
        return self._("Dossier {number}").format(number=number)

    def note(self, text: str) -> str:
        """Say a note: the programme's codes in words, what staff wrote as it is."""
        return self._notes.get(text, text)

    def outcome(self, code: str) -> str:
        """Say what came of an alert."""
        return self._outcomes[code]

    def channel(self, code: str) -> str:
        """Say where a person writes."""
        return self._channels.get(code, code)

    def delivery(self, state: str, leaves_at: datetime | None, now: datetime, timezone: str) -> str:
        """Say how far one of our messages has come, and what it waits for if it is held.

        Args:
            leaves_at: when what is held is let go, unless the person writes before.
        """
        _ = self._
        if state == "held" and leaves_at is not None:
            return _("Gardé jusqu’à {when}").format(when=self.moment(leaves_at, now, timezone))
        return self._states[state]

    def duty(self, code: str) -> str:
        """Say what one is on the rota for."""
        return self._roles[code]

    def span(self, start: datetime, end: datetime, now: datetime, timezone: str) -> str:
        """Say from when until when: the day again only where it is another one."""
        _ = self._
        same_day = self.date(start, timezone) == self.date(end, timezone)
        until = self.clock(end, timezone) if same_day else self.moment(end, now, timezone)
        if self.date(start, timezone) == self.date(now, timezone):
            start_words = _("aujourd’hui à {clock}").format(clock=self.clock(start, timezone))
        else:
            start_words = self.moment(start, now, timezone)
        return _("{start} → {end}").format(start=start_words, end=until)

    def role(self, code: str) -> str:
        """Say what a member of staff does, without agreeing in gender."""
        return self._roles[code]

    def days(self, first: date, last: date, now: datetime) -> str:
        """Say a day, or from which to which: "vendredi 25 décembre"."""
        _ = self._
        if first == last:
            return self._date(first, now)
        return _("{start} → {end}").format(start=self._date(first, now), end=self._date(last, now))

    def away(self, leave: tuple[date, date], now: datetime) -> str:
        """Say of somebody's leave (first and last day) until when; of leave to come, from when."""
        _ = self._
        first, last = leave
        if first > now.date():
            return _("absence {days}").format(days=self.days(first, last, now))
        return _("absence jusqu’au {day}").format(day=self._date(last, now))

    def _date(self, day: date, now: datetime) -> str:
        pattern = "EEEE d MMMM" if day.year == now.year else "EEEE d MMMM y"
        return format_date(day, pattern, locale=self._locale)

    @property
    def dangers(self) -> dict[str, str]:
        """The dangers, in the order to name them."""
        return self._flags

    def alerts_in(self, number: int, days: int) -> str:
        """Say how many alerts there were in a time."""
        _ = self._
        if number == 1:
            return _("1 alerte en {days} jours").format(days=days)
        return _("{n} alertes en {days} jours").format(n=number, days=days)

    def of_messages(self, number: int, messages: int) -> str:
        """Say how many of the messages were not understood."""
        _ = self._
        if messages == 0:
            return _("Aucun message pendant ce temps.")
        return _("{n} sur {messages} messages.").format(n=number, messages=messages)

    def short_day(self, day: date) -> str:
        """Say a day in few letters, for a drawing or a table: "23 nov."."""
        return format_date(day, "d MMM", locale=self._locale)

    def recovery_codes(self, left: int) -> str:
        """Say how many recovery codes are left."""
        _ = self._
        if left == 0:
            return _("Plus de code de secours : faites-en de nouveaux.")
        if left == 1:
            return _("Il reste 1 code de secours.")
        return _("Il reste {n} codes de secours.").format(n=left)

    def taken_back(self, at: datetime, now: datetime, timezone: str) -> str:
        """Say that the person took it back, which may be said under pressure."""
        _ = self._
        return _("l’a repris ({when}) : peut-être sous pression").format(
            when=self.moment(at, now, timezone)
        )

    def to_do(self, number: int) -> str:
        """Say how many things need somebody."""
        _ = self._
        if number == 0:
            return _("Rien n’attend.")
        return _("1 chose à faire.") if number == 1 else _("{n} choses à faire.").format(n=number)

    def people_there(
        self, place: str, people: int, at: datetime, now: datetime, timezone: str
    ) -> str:
        """Say how many people there is an alert about in one place, and on which day."""
        day = self.day(at, now, timezone).lower()
        words = self._("{place} : {n} personnes, {day}")
        return words.format(place=place, n=people, day=day)

    def new_ones(self, number: int) -> str:
        """Say how many of them the reader has not seen."""
        _ = self._
        return _("1 nouvelle.") if number == 1 else _("{n} nouvelles.").format(n=number)

    def open_alerts(self, number: int) -> str:
        """Say how many alerts are open."""
        _ = self._
        if number == 0:
            return _("Personne n’attend.")
        return (
            _("1 alerte ouverte.") if number == 1 else _("{n} alertes ouvertes.").format(n=number)
        )

    def critical_ones(self, number: int) -> str:
        """Say how many of them are critical."""
        _ = self._
        return _("1 critique.") if number == 1 else _("{n} critiques.").format(n=number)

    def holder(self, alert: Row, reader_id: int) -> str:
        """Say who answers the person, else who takes care of the alert."""
        _ = self._
        if alert.owner_id is not None:
            if alert.owner_id == reader_id:
                return _("vous répondez")
            return _("{name} répond").format(name=alert.owner_name)
        if alert.assigned_to is None:
            return _("à prendre")
        if alert.assigned_to == reader_id:
            return _("c’est pour vous")
        return _("pour {name}").format(name=alert.assigned_name)

    def messages(self, number: int) -> str:
        """Say how many messages."""
        _ = self._
        return _("1 message") if number == 1 else _("{number} messages").format(number=number)

    def waiting(self, since: datetime | None, now: datetime) -> str:
        """Say how long somebody has waited for a human."""
        _ = self._
        if since is None:
            return _("personne n’attend")
        if now - since < timedelta(minutes=1):
            return _("attend depuis un instant")
        return _("attend depuis {duration}").format(duration=self.duration(now - since))

    def duration(self, length: timedelta) -> str:
        """Say a length of time as one would: "4 min", "2 h 05", "3 jours"."""
        _ = self._
        minutes = int(length.total_seconds() // 60)
        hours, days = minutes // 60, minutes // (24 * 60)
        if hours < 1:
            return _("{minutes} min").format(minutes=minutes)
        if hours < 24:
            rest = minutes % 60
            if not rest:
                return _("{hours} h").format(hours=hours)
            return _("{hours} h {minutes:02d}").format(hours=hours, minutes=rest)
        return _("1 jour") if days == 1 else _("{days} jours").format(days=days)

    def clock(self, at: datetime, timezone: str) -> str:
        """Say the time of day: "19:42"."""
        return f"{at.astimezone(ZoneInfo(timezone)):%H:%M}"

    def day(self, at: datetime, now: datetime, timezone: str) -> str:
        """Say a day: "Aujourd’hui", "Hier", "lundi 23 novembre"."""
        _ = self._
        day, today = self.date(at, timezone), self.date(now, timezone)
        if day == today:
            return _("Aujourd’hui")
        if day == today - timedelta(days=1):
            return _("Hier")
        pattern = "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"
        return format_date(day, pattern, locale=self._locale)

    def short_date(self, at: datetime, timezone: str) -> str:
        """Say a day in few letters, for a drawing: "23 nov."."""
        return self.short_day(self.date(at, timezone))

    def moment(self, at: datetime, now: datetime, timezone: str) -> str:
        """Say day and time: "hier à 19:42"; only the time when it was today."""
        _ = self._
        clock = self.clock(at, timezone)
        if self.date(at, timezone) == self.date(now, timezone):
            return clock
        day = self.day(at, now, timezone).lower()
        return _("{day} à {clock}").format(day=day, clock=clock)

    def date(self, at: datetime, timezone: str) -> date:
        """Return the day of a moment as it is in ``timezone``."""
        return at.astimezone(ZoneInfo(timezone)).date()

    def event(self, event: Row, at: str) -> str:
        """Say one line of an alert's history; ``at`` is its moment in words."""
        _ = self._
        who = event.staff_name or _("Le programme")
        if event.verb == "resolved":
            return _("{who} a fermé l’alerte : {outcome}").format(
                who=who, outcome=self._outcomes.get(event.outcome, _("sans suite notée"))
            )
        if event.verb == "assigned":
            return _("{who} a donné l’alerte à {to}").format(who=who, to=event.to_name)
        if event.verb == "decided":
            return _("{who} a décidé : {decision}").format(
                who=who, decision=self._decisions.get(event.outcome, event.outcome)
            )
        sentences = {
            "opened": _("Alerte ouverte"),
            "message": _("Nouveau message sur le même sujet"),
            "raised": _("La gravité monte"),
            "taken_back": _("La personne l’a repris à {at} : peut-être sous pression"),
            "acknowledged": _("{who} s’en occupe"),
            "reopened": _("{who} a rouvert l’alerte"),
            "note": _("{who} a noté"),
            "notified": _("Alerte envoyée à {who}"),
            "unavailable": _("{who} : pas disponible"),
            "lapsed": _("{who} n’a pas répondu en 10 minutes : l’alerte est repartie"),
            "escalated": _("{who} a demandé du renfort"),
            "released": _("{who} a levé le gel d’un contact"),
            "undone": _("{who} a annulé la fermeture"),
        }
        return sentences.get(event.verb, event.verb).format(who=who, at=at)
