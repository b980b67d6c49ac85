"""What staff write to a person: checked, labelled as a human's, and queued like every reply."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.delivery.queue import Priority, enqueue
from bot.delivery.staff_alerts import tell_taken
from bot.followup import cases, conversations, values
from bot.followup.access import NotAllowed
from bot.followup.alerts import complaint_is_going_on
from bot.followup.appointments import appointment_to_announce
from bot.followup.people import structure_of
from bot.followup.promises import keep_promises
from bot.followup.safe_word import names_safe_word
from bot.i18n.wording import Wording
from bot.safety.discretion import betraying_words

MAXIMUM_LENGTH = 1000


class TextBetrays(ValueError):
    """The first line would tell whoever sees the phone what this is about (safeguarding 12)."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(", ".join(words))
        self.words = words


class TextIsSecret(ValueError):
    """The safe word stands in it: staff never write it in a chat (safeguarding 5)."""


def send_reply(
    connection: Connection,
    member: Row,
    conversation_id: int,
    text: str,
    wording: Wording,
    now: datetime,
) -> int:
    """Queue a reply of the member of staff who has the conversation; return its row's id.

    It carries a human label: the first name and "une personne" (safeguarding 1). The human clock
    stops: the person has been answered. What is said about a complaint stays the focal point's.

    Raises:
        NotAllowed: the conversation is not this member's.
        TextBetrays: a word of the subject stands in what a locked screen shows.
        TextIsSecret: the person's safe word stands in it.
        ValueError: empty, or longer than ``MAXIMUM_LENGTH``.
    """
    text = text.strip()
    if not 0 < len(text) <= MAXIMUM_LENGTH:
        raise ValueError(f"a reply has 1 to {MAXIMUM_LENGTH} characters")
    talk = conversations.get_conversation(connection, conversation_id)
    if talk.owner_id != member.id:
        raise NotAllowed("take the conversation over before answering")
    if names_safe_word(connection, talk.person_id, text):
        raise TextIsSecret("not in a chat")
    form = conversations.address_form(conversations.known_person(connection, talk))
    said = wording.say(
        "utter_staff_message", talk.language, form, name=member.shown_name, text=text
    )
    words = betraying_words(said.text)
    if words:
        raise TextBetrays(words)
    outbox_id = enqueue(
        connection,
        talk,
        said,
        now,
        priority=Priority.STAFF,
        staff_id=member.id,
        restricted=complaint_is_going_on(connection, conversation_id, now),
    )
    conversations.change(connection, conversation_id, unanswered_since=None, offer=None)
    keep_promises(connection, conversation_id, conversations.HUMAN_ANSWER, now)
    return outbox_id


def announce_takeover(
    connection: Connection, member: Row, conversation_id: int, wording: Wording, now: datetime
) -> None:
    """Tell the person that a human is there; take the conversation's alerts."""
    talk = conversations.get_conversation(connection, conversation_id)
    _announce(connection, member, talk, wording, now, "utter_human_here")
    for alert_id in cases.acknowledge_all(connection, member, conversation_id, now):
        tell_taken(connection, wording, member, alert_id, now)


def announce_hand_back(
    connection: Connection, member: Row, conversation_id: int, wording: Wording, now: datetime
) -> None:
    """Tell the person that the human has left, and when the next appointment is.

    One that may not be told, or is not soon, is not named (``appointment_to_announce``).
    """
    talk = conversations.get_conversation(connection, conversation_id)
    someone = conversations.known_person(connection, talk)
    coming = appointment_to_announce(connection, someone, now)
    if coming is None:
        _announce(connection, member, talk, wording, now, "utter_human_gone")
        return
    moment = values.moment(coming.starts_at, structure_of(connection, someone))
    _announce(connection, member, talk, wording, now, "utter_human_gone_until", moment=moment)


def _announce(
    connection: Connection,
    member: Row,
    talk: Row,
    wording: Wording,
    now: datetime,
    name: str,
    **told: values.Value,
) -> None:
    form = conversations.address_form(conversations.known_person(connection, talk))
    said = wording.say(name, talk.language, form, name=member.shown_name, **told)
    enqueue(connection, talk, said, now, priority=Priority.STAFF)
