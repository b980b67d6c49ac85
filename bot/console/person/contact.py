"""What binds whoever writes to a person: safe contact, safe word, consent, family, freezes."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import id_in, number_in
from bot.console.person.page import Refused, person_page
from bot.console.visit import Console, Page, Visit, go, posted
from bot.delivery.queue import release_held
from bot.delivery.volume import conversations_of
from bot.followup import enrolment, family, freezing, safe_word
from bot.followup.access import NotAllowed, readable_person

_LONGEST_WORD = 40
LONGEST_REASON = 400


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of what is changed."""
    changed: dict[str, Page] = {
        "contact": _contact,
        "safe-word": _safe_word,
        "consent": _consent,
        "link": _link,
        "identity": _identity,
        "release": _release,
    }
    return posted(console, "/people/{id:int}", changed)


def safe_contact_in(visit: Visit) -> enrolment.SafeContact | None:
    """Read the fields of safe contact; None where one hour is missing or is none.

    A phone of which nobody has said that it is the person's alone counts as shared.
    """
    shared = visit.form.get("phone") != "own"
    hours = [visit.form.get(name, "").strip() for name in ("safe_from", "safe_until")]
    if not any(hours):
        return enrolment.SafeContact(shared)
    start, end = number_in(hours[0], 0, 23), number_in(hours[1], 0, 23)
    if start is None or end is None or start == end:
        return None
    return enrolment.SafeContact(shared, start, end)


def _contact(visit: Visit) -> Response:
    _ = visit.pages.translate
    contact = safe_contact_in(visit)
    if contact is None:
        reason = _("Écrivez les deux heures, de 0 à 23, ou aucune.")
        return person_page(visit, refused=Refused("contact", reason, visit.form))
    person_id = visit.number("id")
    with visit.console.database.write() as connection:
        enrolment.set_safe_contact(connection, visit.member, person_id, contact, visit.now)
    return go(f"/people/{person_id}#contact")


def _safe_word(visit: Visit) -> Response:
    _ = visit.pages.translate
    word = visit.form.get("word", "").strip()
    if len(word) > _LONGEST_WORD:
        # What was written is not repeated: the word is shown nowhere.
        reason = _("Le mot est trop long : {length} signes au plus.").format(length=_LONGEST_WORD)
        return person_page(visit, refused=Refused("contact", reason))
    person_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            safe_word.set_safe_word(connection, visit.member, person_id, word, visit.now)
    except safe_word.UnfitWord:
        reason = _("Ce mot vient trop souvent, ou il sert déjà : choisissez-en un autre ensemble.")
        return person_page(visit, refused=Refused("contact", reason))
    return go(f"/people/{person_id}#contact")


def _consent(visit: Visit) -> Response:
    _ = visit.pages.translate
    form, person_id = visit.form, visit.number("id")
    answer, given_by = form.get("answer", ""), form.get("given_by", "")
    if answer not in ("yes", "no") or given_by not in enrolment.CONSENT_BY:
        reason = _("Dites qui a répondu, et si c’est oui ou non.")
        return person_page(visit, refused=Refused("consent", reason, form))
    if len(form.get("reason", "")) > LONGEST_REASON:
        return person_page(visit, refused=Refused("consent", _("La raison est trop longue."), form))
    try:
        with visit.console.database.write() as connection:
            enrolment.record_spoken_consent(
                connection,
                visit.member,
                readable_person(connection, visit.member, person_id),
                answer=answer,
                given_by=given_by,
                reason=form.get("reason", ""),
                now=visit.now,
            )
    except enrolment.ReasonMissing:
        reason = _("Dites aussi pourquoi aucun parent ni tutelle ne répond.")
        return person_page(visit, refused=Refused("consent", reason, form))
    return go(f"/people/{person_id}#consent")


def _link(visit: Visit) -> Response:
    _ = visit.pages.translate
    form, person_id = visit.form, visit.number("id")
    relation = form.get("relation", "")
    if relation not in family.RELATIONS:
        reason = _("Choisissez le lien de famille.")
        return person_page(visit, refused=Refused("link", reason, form))
    rights = [right for right in family.RIGHTS if form.get(right)]
    try:
        with visit.console.database.write() as connection:
            someone = readable_person(connection, visit.member, person_id)
            other = family.readable_by_case(connection, visit.member, form.get("case", ""))
            family.set_link(connection, visit.member, someone, other, relation, rights, visit.now)
    except family.NotACouple:
        reason = _("Un lien joint une personne suivie et quelqu’un de sa famille.")
        return person_page(visit, refused=Refused("link", reason, form))
    except NotAllowed:
        reason = _("Pas de dossier de ce numéro parmi les vôtres.")
        return person_page(visit, refused=Refused("link", reason, form))
    return go(f"/people/{person_id}#family")


def _identity(visit: Visit) -> Response:
    number, _sep, answer = visit.form.get("writer", "").partition("-")
    conversation_id, person_id = id_in(number), visit.number("id")
    if conversation_id is None or answer not in ("yes", "no"):
        raise NotAllowed("no such answer")
    with visit.console.database.write() as connection:
        enrolment.settle_identity(
            connection,
            visit.member,
            person_id,
            conversation_id,
            is_person=answer == "yes",
            now=visit.now,
        )
    return go(f"/people/{person_id}")


def _release(visit: Visit) -> Response:
    """Free the frozen contacts that are ticked; what waited for them may leave."""
    _ = visit.pages.translate
    form, person_id = visit.form, visit.number("id")
    reason = form.get("reason", "").strip()
    contacts = [
        id_in(name.removeprefix("contact-")) for name in form if name.startswith("contact-")
    ]
    ticked = [contact for contact in contacts if contact is not None]
    if not ticked or not reason or len(reason) > LONGEST_REASON:
        words = _("Cochez un contact, et dites pourquoi, en {length} signes au plus.")
        refused = Refused("frozen", words.format(length=LONGEST_REASON), form)
        return person_page(visit, refused=refused)
    with visit.console.database.write() as connection:
        free = freezing.release(connection, visit.member, person_id, ticked, reason, visit.now)
        for contact_id in free:
            for talk in conversations_of(connection, contact_id):
                release_held(connection, talk.id, visit.now)
    return go(f"/people/{person_id}")
