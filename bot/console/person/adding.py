"""What staff add to a file: a note, an appointment, a payment, a wish for help or training."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import day_in, id_in, moment_in, money_in, month_in
from bot.console.person.page import Refused, person_page
from bot.console.visit import Console, Page, Visit, go, posted
from bot.followup import appointments, audit, notes, payments
from bot.followup.access import NotAllowed, readable_person
from bot.followup.aid import request_aid
from bot.followup.caller import Caller
from bot.followup.people import structure_of
from bot.followup.training import request_place

_LONGEST_PLACE = 80


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of what is added."""
    added: dict[str, Page] = {
        "note": _note,
        "appointment": _appointment,
        "appointment-state": _appointment_state,
        "payment": _payment,
        "request": _request,
    }
    return posted(console, "/people/{id:int}", added)


def _note(visit: Visit) -> Response:
    _ = visit.pages.translate
    text = visit.form.get("text", "").strip()
    if not text:
        return _refuse(visit, "note", _("La note est vide."))
    if len(text) > notes.LONGEST_NOTE:
        reason = _("La note est trop longue : {length} signes au plus.")
        return _refuse(visit, "note", reason.format(length=notes.LONGEST_NOTE))
    with visit.console.database.write() as connection:
        notes.add_note(connection, visit.member, visit.number("id"), text, visit.now)
    return _back(visit, "notes")


def _appointment(visit: Visit) -> Response:
    _ = visit.pages.translate
    kind, starts_at = visit.form.get("kind", ""), moment_in(visit, "starts_at")
    place = visit.form.get("place", "")
    if kind not in appointments.KINDS or starts_at is None:
        return _refuse(visit, "appointment", _("Il manque le jour et l’heure."))
    if len(place) > _LONGEST_PLACE:
        return _refuse(visit, "appointment", _("Le lieu est trop long."))
    try:
        with visit.console.database.write() as connection:
            appointments.plan(
                connection,
                visit.member,
                visit.number("id"),
                kind=kind,
                starts_at=starts_at,
                place=place,
                staff_id=id_in(visit.form.get("staff", "")),
                now=visit.now,
            )
    except appointments.AlreadyPlanned:
        return _refuse(visit, "appointment", _("Il y a déjà un rendez-vous à cette heure."))
    return _back(visit, "under-way")


def _appointment_state(visit: Visit) -> Response:
    number, _sep, outcome = visit.form.get("answer", "").partition("-")
    appointment_id = id_in(number)
    if appointment_id is None or outcome not in appointments.OUTCOMES:
        raise NotAllowed("no such answer")
    with visit.console.database.write() as connection:
        appointments.note_outcome(
            connection, visit.member, visit.number("id"), appointment_id, outcome, visit.now
        )
    return _back(visit, "under-way")


def _payment(visit: Visit) -> Response:
    _ = visit.pages.translate
    with visit.console.database.read() as connection:
        someone = readable_person(connection, visit.member, visit.number("id"))
        home = structure_of(connection, someone)
    currency = payments.currency_of(home.country)
    form = visit.form
    amount, month = money_in(form.get("amount", ""), currency), month_in(form.get("month", ""))
    due_on, sent_on = day_in(form.get("due_on", "")), day_in(form.get("sent_on", ""))
    ending, recipient = form.get("account_ending", ""), id_in(form.get("recipient", ""))
    if amount is None:
        return _refuse(visit, "payment", _("Le montant se lit mal : écrivez 25000."))
    if month is None or due_on is None or recipient is None:
        return _refuse(visit, "payment", _("Il manque le mois, le jour prévu ou à qui."))
    if sent_on is None and form.get("sent_on"):
        return _refuse(visit, "payment", _("Le jour d’envoi se lit mal."))
    if not (ending.isdecimal() and len(ending) == 2):
        return _refuse(visit, "payment", _("Du compte, écrivez les deux derniers chiffres."))
    new = payments.NewPayment(recipient, amount, currency, month, due_on, sent_on, ending)
    try:
        with visit.console.database.write() as connection:
            payments.record_payment(connection, visit.member, someone.id, new, visit.now)
    except payments.AlreadyRecorded:
        return _refuse(visit, "payment", _("Il y a déjà un paiement pour ce mois."))
    return _back(visit, "under-way" if sent_on is None else "timeline")


def _request(visit: Visit) -> Response:
    _ = visit.pages.translate
    kind, _sep, number = visit.form.get("what", "").partition("-")
    wanted, ask = id_in(number), _ASK.get(kind)
    if wanted is None or ask is None:
        return _refuse(visit, "request", _("Choisissez d’abord ce qui est demandé."))
    person_id = visit.number("id")
    with visit.console.database.write() as connection:
        someone = readable_person(connection, visit.member, person_id)
        # No conversation: a colleague asks, so nobody is told and nothing is promised.
        is_new = ask(Caller(connection, visit.now, None, someone), wanted)
        if is_new:
            audit.record_by(
                connection, visit.member, "person.request", "person", person_id, visit.now
            )
    if not is_new:
        reason = _("C’est déjà demandé, ou ce n’est pas possible : âge, places, aide fermée.")
        return _refuse(visit, "request", reason)
    return _back(visit, "under-way")


def _ask_aid(caller: Caller, aid_kind_id: int) -> bool:
    asked = request_aid(caller, aid_kind_id)
    return asked is not None and asked.by is not None


def _ask_training(caller: Caller, programme_id: int) -> bool:
    if caller.person is None or caller.person.kind != "beneficiary":
        return False
    asked = request_place(caller, programme_id)
    return asked is not None and not asked.already


_ASK: dict[str, Callable[[Caller, int], bool]] = {"aid": _ask_aid, "training": _ask_training}


def _refuse(visit: Visit, form: str, reason: str) -> Response:
    return person_page(visit, refused=Refused(form, reason, visit.form))


def _back(visit: Visit, part: str) -> Response:
    return go(f"/people/{visit.number('id')}#{part}")
