"""The own account: the second step, this phone, the sessions, the password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from bot.console.device import is_phone
from bot.console.qr import qr_picture
from bot.console.visit import ACCOUNT, CONFIRM, Console, Visit, go, guarded, led_to
from bot.followup import audit, second_step, sessions
from bot.followup.access import NotAllowed, rights_of
from bot.followup.staff import PasswordRefused, change_password, structure_of_member


@dataclass(frozen=True)
class Refused:
    """A form of the page that was not accepted, and why."""

    form: str
    reason: str


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the account."""
    return [
        guarded(console, ACCOUNT, _page),
        guarded(console, f"{ACCOUNT}/second-step", _begin),
        guarded(console, f"{ACCOUNT}/second-step", _take_up, method="POST"),
        guarded(console, f"{ACCOUNT}/second-step/off", _switch_off, method="POST"),
        guarded(console, f"{ACCOUNT}/recovery-codes", _recovery_codes, method="POST"),
        guarded(console, f"{ACCOUNT}/phone", _trust, method="POST"),
        guarded(console, f"{ACCOUNT}/phone/forget", _forget, method="POST"),
        guarded(console, f"{ACCOUNT}/password", _password, method="POST"),
        guarded(console, f"{ACCOUNT}/sessions/{{id:int}}/end", _end_one, method="POST"),
        guarded(console, f"{ACCOUNT}/sessions/end-others", _end_others, method="POST"),
        guarded(console, CONFIRM, _confirm_page),
        guarded(console, CONFIRM, _confirm, method="POST"),
    ]


def _page(visit: Visit, *, refused: Refused | None = None) -> Response:
    with visit.console.database.read() as connection:
        listed = sessions.sessions_of(connection, visit.member.id, visit.now)
        left = second_step.recovery_codes_left(connection, visit.member.id)
        home = structure_of_member(connection, visit.member)
    return visit.page(
        "account.html",
        status=200 if refused is None else 422,
        refused=refused,
        home=home,
        sessions=listed,
        own=visit.session,
        has_code=second_step.is_on(visit.member),
        needs_code=rights_of(visit.member).needs_code,
        missing=visit.query("missing") == "code",
        recovery_codes_left=left,
        is_phone=_on_a_phone(visit),
        done=visit.query("done"),
    )


def _begin(visit: Visit, *, refused: bool = False) -> Response:
    if second_step.is_on(visit.member):
        return go(ACCOUNT)
    with visit.console.database.write() as connection:
        secret = second_step.begin(connection, visit.member)
    return visit.page(
        "second_step.html",
        status=422 if refused else 200,
        refused=refused,
        picture=qr_picture(second_step.address_for(secret, visit.member.email)),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    )


def _take_up(visit: Visit) -> Response:
    code = visit.form.get("code", "").replace(" ", "")
    with visit.console.database.write() as connection:
        codes = second_step.take_up(connection, visit.member, code, visit.now)
        if codes is not None:
            sessions.code_given(connection, visit.session.id, visit.now)
            _note(connection, visit, "staff.code_on")
    if codes is None:
        return _begin(visit, refused=True)
    return _show_codes(visit, codes)


def _switch_off(visit: Visit) -> Response:
    visit.ask_code()
    with visit.console.database.write() as connection:
        second_step.switch_off(connection, visit.member.id)
        _note(connection, visit, "staff.code_off")
    return go(f"{ACCOUNT}?done=code_off#second-step")


def _recovery_codes(visit: Visit) -> Response:
    if not second_step.is_on(visit.member):
        return go(f"{ACCOUNT}/second-step")
    visit.ask_code()
    with visit.console.database.write() as connection:
        codes = second_step.make_recovery_codes(connection, visit.member.id, visit.now)
        _note(connection, visit, "staff.recovery_codes")
    return _show_codes(visit, codes)


def _show_codes(visit: Visit, codes: Sequence[str]) -> Response:
    return visit.page("recovery_codes.html", codes=codes)


def _trust(visit: Visit) -> Response:
    _ = visit.pages.translate
    if not _on_a_phone(visit):
        raise NotAllowed("only a phone is trusted")
    if second_step.is_on(visit.member):
        # Else whoever finds a phone open could keep it open.
        visit.ask_code()
    pin = visit.form.get("pin", "")
    if pin != visit.form.get("again", ""):
        return _page(visit, refused=Refused("phone", _("Les deux codes ne sont pas les mêmes.")))
    try:
        with visit.console.database.write() as connection:
            sessions.trust_phone(connection, visit.session.id, pin, visit.now)
            _note(connection, visit, "staff.phone_trusted")
    except sessions.PinRefused:
        reason = _("Prenez 6 chiffres que personne ne devine : ni 111111, ni 123456.")
        return _page(visit, refused=Refused("phone", reason))
    return go(f"{ACCOUNT}?done=phone#phone")


def _forget(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        sessions.forget_phone(connection, visit.session.id)
    return go(f"{ACCOUNT}#phone")


def _password(visit: Visit) -> Response:
    _ = visit.pages.translate
    new = visit.form.get("new", "")
    if new != visit.form.get("again", ""):
        reason = _("Les deux mots de passe ne sont pas les mêmes.")
        return _page(visit, refused=Refused("password", reason))
    try:
        with visit.console.database.turn() as connection:
            right = change_password(
                connection, visit.member.id, visit.form.get("old", ""), new, visit.now
            )
            if right:
                sessions.end_all(connection, visit.member.id, but=visit.session.id)
                _note(connection, visit, "staff.password")
    except PasswordRefused:
        reason = _("Le nouveau mot de passe est trop court : 12 signes au moins.")
        return _page(visit, refused=Refused("password", reason))
    if not right:
        reason = _("L’ancien mot de passe ne va pas. Après cinq essais, il faut attendre 15 min.")
        return _page(visit, refused=Refused("password", reason))
    return go(f"{ACCOUNT}?done=password#password")


def _end_one(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        sessions.end_one(connection, visit.member.id, visit.number("id"))
        _note(connection, visit, "staff.session_ended")
    return go(f"{ACCOUNT}#sessions")


def _end_others(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        sessions.end_all(connection, visit.member.id, but=visit.session.id)
        _note(connection, visit, "staff.sessions_ended")
    return go(f"{ACCOUNT}?done=sessions#sessions")


def _confirm_page(visit: Visit, *, refused: bool = False) -> Response:
    wanted = led_to(visit.form.get("next") or visit.query("next"))
    if not second_step.is_on(visit.member):
        return RedirectResponse(wanted, status_code=303)
    return visit.page(
        "confirm.html", status=422 if refused else 200, refused=refused, wanted=wanted
    )


def _confirm(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        code = visit.form.get("code", "")
        right = second_step.check_code(connection, visit.member.id, code, visit.now)
        if right:
            sessions.code_given(connection, visit.session.id, visit.now)
    if not right:
        return _confirm_page(visit, refused=True)
    return RedirectResponse(led_to(visit.form.get("next", "")), status_code=303)


def _on_a_phone(visit: Visit) -> bool:
    return is_phone(visit.request.headers.get("user-agent", ""))


def _note(connection: Connection, visit: Visit, action: str) -> None:
    audit.record_by(connection, visit.member, action, "staff", visit.member.id, visit.now)
