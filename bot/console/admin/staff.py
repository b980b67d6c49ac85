"""The accounts of staff: who works where, as what; a new password, a lost phone, a chat to link."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection, Row
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.admin.fields import Field, FieldRefused
from bot.console.admin.table import Desk, Line, Table, Titles, check
from bot.console.visit import Console, Page, Visit, go, posted
from bot.followup import accounts, audit, sessions
from bot.followup.access import ROLES, rights_of
from bot.followup.accounts import EmailTaken, OwnAccount
from bot.followup.consent import make_staff_link_code
from bot.followup.second_step import is_on
from bot.followup.structures import all_structures
from bot.i18n.translator import Translate

_PATH = "/admin/staff/{id:int}"


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of what is done to an account beside its form."""
    done: dict[str, Page] = {
        "password": _password,
        "link": _link,
        "second-step-off": _second_step_off,
        "end-sessions": _end_sessions,
    }
    return posted(console, _PATH, done)


def _password(visit: Visit) -> Response:
    check(visit)
    return _give_password(visit, visit.number("id"))


def _give_password(visit: Visit, staff_id: int) -> Response:
    _ = visit.pages.translate
    with visit.console.database.write() as connection:
        member = accounts.get_member(connection, staff_id)
        password = accounts.give_password(connection, member.id)
        _note(connection, visit, "staff.new_password", member.id)
    lead = _("Dites ce mot de passe à {name}, de vive voix. Il se change dans « Mon compte ».")
    return _once(visit, member, _("Un mot de passe pour commencer"), lead, password)


def _link(visit: Visit) -> Response:
    check(visit)
    _ = visit.pages.translate
    with visit.console.database.write() as connection:
        member = accounts.get_member(connection, visit.number("id"))
        code = make_staff_link_code(connection, member.id, visit.now)
        _note(connection, visit, "staff.link_code", member.id)
    lead = _("{name} l’envoie au programme depuis son propre Telegram : les alertes y arrivent.")
    return _once(visit, member, _("Un code pour relier un chat"), lead, f"{code[:4]} {code[4:]}")


def _once(visit: Visit, member: Row, title: str, lead: str, secret: str) -> Response:
    return visit.page(
        "admin_once.html",
        title=title,
        lead=lead.format(name=member.shown_name),
        secret=secret,
        staff_id=member.id,
    )


def _second_step_off(visit: Visit) -> Response:
    check(visit)
    with visit.console.database.write() as connection:
        member = accounts.get_member(connection, visit.number("id"))
        accounts.forget_second_step(connection, member.id)
        _note(connection, visit, "staff.code_off", member.id)
    return go(f"/admin/staff?done={member.id}")


def _end_sessions(visit: Visit) -> Response:
    check(visit)
    with visit.console.database.write() as connection:
        member = accounts.get_member(connection, visit.number("id"))
        own = visit.session.id if member.id == visit.member.id else None
        sessions.end_all(connection, member.id, but=own)
        _note(connection, visit, "staff.sessions_ended", member.id)
    return go(f"/admin/staff?done={member.id}")


def _note(connection: Connection, visit: Visit, action: str, staff_id: int) -> None:
    audit.record_by(connection, visit.member, action, "staff", staff_id, visit.now)


def _titles(_: Translate) -> Titles:
    return Titles(
        _("Équipe"),
        _("Nouveau compte"),
        _("Les personnes qui travaillent ici. Quand une personne part, son compte se ferme."),
    )


def _line(desk: Desk, row: Row) -> Line:
    _ = desk.translate
    warns = ""
    if row.active and rights_of(row).needs_code and not is_on(row):
        warns = _("Pas encore de deuxième étape, alors que ce rôle en a besoin.")
    elif not row.active:
        left = accounts.cases_of(desk.connection, row.id)
        if left:
            warns = _("Suit encore des dossiers, à donner à d’autres : {n}.").format(n=left)
    detail = f"{desk.say.role(row.role)} · {row.structure_name}"
    return Line(row.name, detail, warns, off=not row.active)


def _fields(desk: Desk, row: Row | None) -> list[Field]:
    _ = desk.translate
    homes = {str(home.id): home.name for home in all_structures(desk.connection)}
    return [
        Field("name", _("Nom, pour l’équipe"), longest=120),
        Field("shown_name", _("Prénom que les jeunes et les familles voient"), longest=40),
        Field("email", _("Adresse e-mail"), "email", longest=200),
        Field("role", _("Rôle"), "choice", options={role: desk.say.role(role) for role in ROLES}),
        Field("structure_id", _("Structure"), "choice", options=homes, numbers=True),
        Field("active", _("Travaille ici"), "check"),
    ]


def _save(desk: Desk, row: Row | None, values: dict[str, Any]) -> int:
    _ = desk.translate
    if "@" not in values["email"]:
        raise FieldRefused("email", _("Une adresse e-mail a un @."))
    try:
        if row is None:
            return accounts.employ(desk.connection, values, desk.now)
        accounts.change_member(desk.connection, row, values, desk.member)
        return row.id
    except EmailTaken:
        raise FieldRefused("email", _("Cette adresse a déjà un compte.")) from None
    except OwnAccount:
        reason = _("Votre propre rôle, une autre personne de l’administration le change.")
        raise FieldRefused("role", reason) from None


def _shows(desk: Desk, row: Row) -> dict[str, Any]:
    return {
        "cases": accounts.cases_of(desk.connection, row.id),
        "chats": accounts.chats_of(desk.connection, row.id),
        "sessions": len(sessions.sessions_of(desk.connection, row.id, desk.now)),
        "has_code": is_on(row),
    }


TABLE = Table(
    "staff",
    _titles,
    accounts.all_members,
    accounts.get_member,
    _line,
    _fields,
    _save,
    aside="_admin_staff.html",
    shows=_shows,
    done=_give_password,
)
