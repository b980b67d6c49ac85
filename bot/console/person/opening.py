"""Opening a file after meeting somebody: who it is, how to write safely, who has consented."""

from __future__ import annotations

from collections import defaultdict

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import id_in, number_in
from bot.console.person.contact import LONGEST_REASON, safe_contact_in
from bot.console.person.words import FileWords
from bot.console.visit import Console, Visit, go, guarded
from bot.followup import enrolment
from bot.followup.access import rights_of
from bot.followup.sharing import staff_who_take_cases

_LONGEST_NAME = 80
_LONGEST_NUMBER = 20
_FIRST_BIRTH_YEAR = 1920


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes by which a file is opened."""
    return [
        guarded(console, "/people/new", _form),
        guarded(console, "/people/new", _open, method="POST"),
    ]


def _form(visit: Visit, *, error: str = "") -> Response:
    if not rights_of(visit.member).cases:
        return visit.page("no_cases.html", status=403)
    with visit.console.database.read() as connection:
        workers = staff_who_take_cases(connection, visit.member.structure_id)
    mine = str(visit.member.id) if visit.member.role == "social_worker" else ""
    written = {"worker": mine, "kind": "beneficiary", "language": "fr"}
    return visit.page(
        "person_new.html",
        status=422 if error else 200,
        tell=FileWords(visit.pages.translate),
        workers=workers,
        languages=visit.console.wording.catalogs.languages,
        error=error,
        written=defaultdict(str, visit.form if error else written),
    )


def _open(visit: Visit) -> Response:
    new = _read(visit)
    if isinstance(new, str):
        return _form(visit, error=new)
    _ = visit.pages.translate
    try:
        with visit.console.database.write() as connection:
            someone = enrolment.open_file(connection, visit.member, new, visit.now)
            if visit.form.get("given_by"):
                enrolment.record_spoken_consent(
                    connection,
                    visit.member,
                    someone,
                    answer="yes",
                    given_by=visit.form["given_by"],
                    reason=visit.form.get("reason", ""),
                    now=visit.now,
                )
    except enrolment.NumberTaken:
        return _form(visit, error=_("Ce numéro de dossier est déjà pris."))
    except enrolment.ReasonMissing:
        reason = _("Dites aussi pourquoi aucun parent ni tutelle ne répond.")
        return _form(visit, error=reason)
    return go(f"/people/{someone.id}#consent")


def _read(visit: Visit) -> enrolment.NewFile | str:
    """Return what was written, or why it cannot be taken."""
    _, form, tell = visit.pages.translate, visit.form, FileWords(visit.pages.translate)
    names = [form.get(name, "").strip() for name in ("first_name", "family_name")]
    if not all(0 < len(name) <= _LONGEST_NAME for name in names):
        return _("Il manque le prénom ou le nom.")
    year = form.get("birth_year", "").strip()
    birth_year = number_in(year, _FIRST_BIRTH_YEAR, visit.now.year)
    if year and birth_year is None:
        return _("L’année de naissance se lit mal : écrivez 2011.")
    contact = safe_contact_in(visit)
    if contact is None:
        return _("Écrivez les deux heures, de 0 à 23, ou aucune.")
    known = form.get("kind") in tell.kinds and form.get("form", "") in ("", *tell.forms)
    if not known or form.get("language") not in visit.console.wording.catalogs.languages:
        return _("Il manque un choix.")
    if len(form.get("case_number", "")) > _LONGEST_NUMBER:
        return _("Le numéro de dossier est trop long.")
    if form.get("given_by", "") not in ("", *enrolment.CONSENT_BY):
        return _("Il manque un choix.")
    if len(form.get("reason", "")) > LONGEST_REASON:
        return _("La raison est trop longue.")
    return enrolment.NewFile(
        kind=form["kind"],
        first_name=names[0],
        family_name=names[1],
        birth_year=birth_year,
        address_form=form.get("form", ""),
        language=form["language"],
        contact=contact,
        worker_id=id_in(form.get("worker", "")),
        case_number=form.get("case_number", ""),
    )
