"""Payments: sent, and due."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.payments import NOT_RECEIVED, WRONG_AMOUNT, payments_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Paiements")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each payment that was sent."""
    rows = payments_of(look.connection, look.someone)
    sent = [_sent(look, row) for row in rows if row.sent_on is not None]
    return [entry for entry in sent if entry.at < look.before]


def load_under_way(look: FileLook) -> list[Entry]:
    """Return an entry for each payment that is due and was not sent."""
    rows = payments_of(look.connection, look.someone)
    return [_due(look, row) for row in rows if row.sent_on is None]


def _sent(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    return Entry(
        at=look.noon(row.sent_on),
        title=_("Paiement : {amount}").format(amount=look.say.money(row.amount, row.currency)),
        detail=f"{look.tell.payment_state(row.state)} · {_whose(look, row)}",
        quote=row.reason_shown or "",
        warns=row.state in (NOT_RECEIVED, WRONG_AMOUNT),
    )


def _due(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    late = look.is_past(row.due_on)
    state = _("pas envoyé, en retard") if late else look.tell.payment_state("due")
    return Entry(
        at=look.noon(row.due_on),
        title=_("Paiement : {amount}").format(amount=look.say.money(row.amount, row.currency)),
        detail=f"{state} · {_whose(look, row)}",
        warns=late,
    )


def _whose(look: FileLook, row: Row) -> str:
    _ = look.translate
    # A joiner: no line ends between the dots and the digits.
    ending = f"\u2060{row.account_ending}"
    if row.recipient_id == row.beneficiary_id:
        return _("compte …{ending}").format(ending=ending)
    if look.someone.id == row.beneficiary_id:
        return _("au dossier {case}, compte …{ending}").format(
            case=row.recipient_case, ending=ending
        )
    return _("pour le dossier {case}, compte …{ending}").format(
        case=row.beneficiary_case, ending=ending
    )
