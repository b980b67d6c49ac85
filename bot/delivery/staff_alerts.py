"""Telling staff on their own chats that somebody needs them: a case number, a wait, a link.

Nothing about the message, nothing about the person (safeguarding 21). Under it two buttons that
work without signing in, in that chat alone. Whom to tell, and when, is the ladder's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.channels.base import Inbound
from bot.db.tables import alert, person, staff
from bot.delivery.queue import enqueue_to_staff
from bot.followup import cases, ladder
from bot.followup.access import takes_cases
from bot.followup.ladder import Step
from bot.i18n.wording import Wording

_LANGUAGE, _FORM = "fr", "vous"
_TAKE, _AWAY = "take", "away"
_CAUSES: Mapping[str, str] = {
    "new": "utter_staff_alert",
    "climbed": "utter_staff_alert_climbed",
    "nobody": "utter_staff_alert_nobody",
}


def announce_alerts(
    connection: Connection, wording: Wording, public_url: str, now: datetime
) -> int:
    """Queue what the ladder has to tell now; return how many alerts it was about."""
    steps = ladder.climb_due(connection, now)
    for step in steps:
        text = _alarm(step, wording, public_url, now)
        for notice in step.notices:
            if notice.chat is not None:
                buttons = _buttons(wording, notice.token)
                enqueue_to_staff(connection, notice.chat.id, text, now, buttons)
    return len(steps)


def acknowledge(
    connection: Connection, wording: Wording, member: Row, alert_id: int, now: datetime
) -> bool:
    """Let a member take an alert, and the chats of all others who were told know who has it.

    Raises:
        NotAllowed: not an alert of this member's.
    """
    taken = cases.acknowledge(connection, member, alert_id, now)
    if taken:
        tell_taken(connection, wording, member, alert_id, now)
    return taken


def tell_taken(
    connection: Connection, wording: Wording, member: Row, alert_id: int, now: datetime
) -> None:
    """Tell the other chats that were alerted who has an alert now."""
    found = _described(connection, alert_id)
    text = say(wording, "utter_staff_alert_taken", case=_case(found), name=member.shown_name)
    for chat in ladder.chats_told(connection, alert_id, but=member.id):
        enqueue_to_staff(connection, chat.id, text, now)


def press(
    connection: Connection, wording: Wording, chat: Row, event: Inbound, now: datetime
) -> str | None:
    """Obey a button of an alert; return what to answer, or None if it is none of this chat's."""
    verb, _, token = event.token.partition(":")
    notice = ladder.find_notice(connection, chat.id, token)
    member = connection.execute(select(staff).where(staff.c.id == chat.staff_id)).one()
    if notice is None or verb not in (_TAKE, _AWAY) or not takes_cases(member):
        return None
    if verb == _TAKE and ladder.take(connection, notice, member, now):
        tell_taken(connection, wording, member, notice.alert_id, now)
    elif verb == _AWAY:
        ladder.decline(connection, notice, now)
    return _answer(connection, wording, member, notice.alert_id)


def say(wording: Wording, response: str, /, **values: Any) -> str:
    """Word a response for the chats of staff."""
    return wording.say(response, _LANGUAGE, _FORM, **values).text


def _answer(connection: Connection, wording: Wording, member: Row, alert_id: int) -> str:
    found = _described(connection, alert_id)
    case = _case(found)
    if found.state == "resolved":
        return say(wording, "utter_staff_alert_closed", case=case)
    if found.state == "acknowledged" and found.assigned_to == member.id:
        return say(wording, "utter_staff_alert_yours", case=case)
    if found.state == "acknowledged":
        return say(wording, "utter_staff_alert_taken", case=case, name=found.shown_name)
    return say(wording, "utter_staff_alert_away", case=case)


def _alarm(step: Step, wording: Wording, public_url: str, now: datetime) -> str:
    row = step.alert
    return say(
        wording,
        _CAUSES[step.cause],
        case=_case(row),
        severity={"say": f"utter_label_severity_{row.severity}"},
        wait=_wait(int((now - row.waiting_since).total_seconds() // 60)),
        link=f"{public_url}/console/alerts/{row.id}",
    )


def _wait(minutes: int) -> dict[str, Any]:
    if minutes < 60:
        return {"say": "utter_label_wait_minutes", "minutes": minutes}
    return {"say": "utter_label_wait_hours", "hours": minutes // 60}


def _buttons(wording: Wording, token: str) -> list[dict[str, str]]:
    titles = {_TAKE: "utter_label_alert_take", _AWAY: "utter_label_alert_away"}
    return [
        {"key": "", "title": say(wording, name), "token": f"{verb}:{token}"}
        for verb, name in titles.items()
    ]


def _described(connection: Connection, alert_id: int) -> Row:
    query = (
        select(alert, person.c.case_number, staff.c.shown_name)
        .outerjoin(person, person.c.id == alert.c.person_id)
        .outerjoin(staff, staff.c.id == alert.c.assigned_to)
        .where(alert.c.id == alert_id)
    )
    return connection.execute(query).one()


def _case(row: Row) -> str:
    return row.case_number or "—"
