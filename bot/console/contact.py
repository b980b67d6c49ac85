"""What to know before writing to somebody: whose phone it is, when it is safe, what was asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Row

from bot.channels.registry import LIMITS
from bot.console.visit import Visit
from bot.delivery.holding import in_safe_hours
from bot.followup.freezing import Freeze
from bot.followup.safe_word import SAFE_WORD


@dataclass(frozen=True)
class Fact:
    """One line. ``warns``: it asks for care; ``asks``: it speaks against writing now.

    ``stays``: it is so for long. Whoever writes is asked about it once while they have the
    conversation: who is asked at every line no longer reads the question.
    """

    label: str
    value: str
    warns: bool = False
    asks: bool = False
    stays: bool = False

    @property
    def short(self) -> str:
        """The line in a few words, for beside the reply."""
        return f"{self.label} : {self.value}"


def contact_facts(
    visit: Visit, talk: Row, someone: Row | None, frozen: Sequence[Freeze]
) -> list[Fact]:
    """Return what binds whoever writes to this conversation, warnings first.

    Args:
        someone: the person it says it is, confirmed or not; None for a stranger.
        frozen: the contacts of the person's family that a danger freezes.
    """
    facts = [*_frozen(visit, someone, frozen), *_wishes(visit, talk), _identity(visit, talk)]
    facts += _window(visit, talk)
    facts += [_phone(visit, someone), _hours(visit, someone), _language(visit, talk, someone)]
    return sorted(facts, key=lambda fact: not fact.warns)


def digest_of(facts: Iterable[Fact]) -> str:
    """Return a few letters that change with what these facts say."""
    said = " · ".join(fact.short for fact in facts)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _frozen(visit: Visit, someone: Row | None, frozen: Sequence[Freeze]) -> list[Fact]:
    """Say what a danger in the family forbids (safeguarding 5 and 14)."""
    _, say = visit.pages.translate, visit.pages.words
    label = _("Contacts gelés")
    if someone is None or not frozen:
        return [Fact(label, _("aucun"))]
    facts = []
    own = next((freeze for freeze in frozen if freeze.contact.id == someone.id), None)
    if own is not None:
        words = [ground.since for ground in own.own if ground.kind == SAFE_WORD]
        if words:
            when = say.moment(max(words), visit.now, visit.member.timezone)
            value = _("écrit, {when}. N’appelez pas, n’écrivez rien là-dessus.").format(when=when)
            facts.append(Fact(_("Mot de secours"), value, warns=True, asks=True))
        if own.others and someone.kind == "caregiver":
            value = _("une alerte touche la famille. Rien sur l’enfant ne part vers ce contact.")
            facts.append(Fact(_("Contact gelé"), value, warns=True, asks=True))
        else:
            value = _("pas d’appel, pas de visite annoncée, pas de question sur les nouvelles")
            facts.append(Fact(label, value, warns=True))
    family = [say.case(each.contact.case_number) for each in frozen if each is not own]
    if family:
        value = _("{cases} : ne rien y dire de cette personne").format(cases=", ".join(family))
        facts.append(Fact(_("Famille gelée"), value, warns=True))
    return facts


def _wishes(visit: Visit, talk: Row) -> list[Fact]:
    """Say what the person has asked of us, or done, that stops messages."""
    _, say = visit.pages.translate, visit.pages.words
    zone = visit.member.timezone
    facts = []
    if talk.left_at is not None:
        when = say.moment(talk.left_at, visit.now, zone)
        value = _("par X, {when}. Rien ne part avant son prochain message.").format(when=when)
        facts.append(Fact(_("Sortie"), value, warns=True, asks=True))
    elif talk.last_left_at is not None:
        when = say.moment(talk.last_left_at, visit.now, zone)
        facts.append(Fact(_("Dernier X"), _("{when}, a réécrit depuis").format(when=when)))
    else:
        facts.append(Fact(_("Dernier X"), _("jamais")))
    if talk.blocked_at is not None:
        when = say.moment(talk.blocked_at, visit.now, zone)
        value = _("Ce compte nous bloque, {when}.").format(when=when)
        facts.append(Fact(_("Bloqué"), value, warns=True, asks=True))
    if talk.opted_out_at is not None:
        when = say.moment(talk.opted_out_at, visit.now, zone)
        value = _("a écrit STOP, {when}. Répondre seulement.").format(when=when)
        facts.append(Fact(_("STOP"), value, warns=True, asks=True))
    if talk.consent == "no":
        facts.append(Fact(_("Accord"), _("a dit non : ses messages ne sont pas gardés."), True))
    return facts


def _identity(visit: Visit, talk: Row) -> Fact:
    _ = visit.pages.translate
    if talk.person_id is None:
        return Fact(_("Identité"), _("inconnue : ne rien dire de personnel"), warns=True)
    if talk.enrolment != "confirmed":
        return Fact(_("Identité"), _("à confirmer : ne rien dire de personnel"), warns=True)
    return Fact(_("Identité"), _("confirmée"))


def _window(visit: Visit, talk: Row) -> list[Fact]:
    """Say that the channel takes but a notice until the person writes again."""
    _, say = visit.pages.translate, visit.pages.words
    window = LIMITS[talk.channel].window
    last = talk.last_written_at
    if window is None or (last is not None and visit.now - last < window):
        return []
    value = _(
        "rien de la personne depuis {duration}. Un mot neutre part d’abord ; le texte attend son "
        "prochain message."
    ).format(duration=say.duration(window))
    return [Fact(say.channel(talk.channel), value, warns=True)]


def _phone(visit: Visit, someone: Row | None) -> Fact:
    _ = visit.pages.translate
    if someone is None:
        return _lasting(_("Téléphone"), _("on ne sait pas qui le tient"))
    if someone.phone_shared:
        return _lasting(_("Téléphone"), _("partagé : quelqu’un d’autre peut lire"))
    return Fact(_("Téléphone"), _("personnel"))


def _hours(visit: Visit, someone: Row | None) -> Fact:
    _ = visit.pages.translate
    if someone is None or someone.safe_from_hour is None or someone.safe_until_hour is None:
        return Fact(_("Heures sûres"), _("pas notées"))
    hours = _("de {start} h à {end} h").format(
        start=someone.safe_from_hour, end=someone.safe_until_hour
    )
    if in_safe_hours(someone, visit.now, visit.member.timezone):
        return Fact(_("Heures sûres"), hours)
    value = _("{hours}, pas maintenant").format(hours=hours)
    return Fact(_("Heures sûres"), value, warns=True, asks=True)


def _language(visit: Visit, talk: Row, someone: Row | None) -> Fact:
    _ = visit.pages.translate
    known = visit.console.wording.catalogs.languages.get(talk.language)
    name = known.name if known else talk.language
    form = _("on se dit tu") if someone and someone.address_form == "tu" else _("on se dit vous")
    value = _("{language}, {form}").format(language=name, form=form)
    if known and not known.reviewed:
        # What goes out carries the line of the fall-back beneath.
        below = visit.console.wording.catalogs.languages[known.fallback or "fr"].name
        words = _("{value}. Textes en brouillon : la ligne « {below} » suit.")
        return _lasting(_("Langue"), words.format(value=value, below=below))
    return Fact(_("Langue"), value)


def _lasting(label: str, value: str) -> Fact:
    return Fact(label, value, warns=True, asks=True, stays=True)
