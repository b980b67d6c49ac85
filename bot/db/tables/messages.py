"""Conversations, the messages that came in, those that go out, and the dialogue's memory."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy.sql import ColumnElement

from bot.db.sealed import SealedBytes, SealedJSON, SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

# One address on one channel. The only source of identity (never a slot, never a claim in a text).
conversation = Table(
    "conversation",
    metadata,
    primary_key(),
    Column("channel", String(20), nullable=False),
    Column("address", SealedText("conversation.address"), nullable=False),
    Column("address_index", String(64), nullable=False),
    # Set when the code was accepted; personal facts wait for ``enrolment`` = 'confirmed'.
    reference("person_id", "person", nullable=True),
    Column("enrolment", String(12), nullable=False),  # none | name_asked | to_confirm | confirmed
    Column("name_tries", Integer, nullable=False),
    Column("code_failures", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    # Wants to hear what we write; nothing yet: was never asked for.
    Column("listens", Boolean),
    Column("consent", String(8), nullable=False),  # unknown | asked | yes | no
    # A human was asked for, the person was told so and still waits for the answer, or gets it:
    # what is written meanwhile is for that human (``inbox.for_a_person``), as is what is written
    # to one who has the conversation.
    Column("human_asked_at", UtcDateTime),
    # The member of staff who has the conversation; while set the bot is silent.
    reference("owner_id", "staff", nullable=True),
    # What binds them for long (a shared phone, a language in draft) and they were asked about.
    Column("owner_knows", String(8)),
    Column("opted_out_at", UtcDateTime),
    # Quick exit (safeguarding 11): out until the person writes; ``last_left_at`` stays after that.
    Column("left_at", UtcDateTime),
    Column("last_left_at", UtcDateTime),
    Column("blocked_at", UtcDateTime),
    Column("last_inbound_at", UtcDateTime),
    # When that message was written: a provider keeps it for as long as we cannot be reached.
    Column("last_written_at", UtcDateTime),
    # Start of the human clock (safeguarding 7): the first message no human has answered.
    Column("unanswered_since", UtcDateTime),
    # A crisis text was taken back ("mal compris"): it is not repeated for this category.
    Column("crisis_muted", String(30)),
    # The last question wants a number: a lone 9 is checked once (safeguarding 26).
    Column("expects_number", Boolean, nullable=False),
    Column("asked_about_nine", Boolean, nullable=False),
    # What the person may answer by a digit now: [{"key", "title", "payload"}].
    Column("offer", SealedJSON("conversation.offer")),
    # A turn's claim: one worker at a time, and not for ever.
    Column("claimed_by", String(40)),
    Column("claimed_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "address_index"),
)

inbox = Table(
    "inbox",
    metadata,
    primary_key(),
    Column("channel", String(20), nullable=False),
    Column("provider_id", String(255), nullable=False),
    reference("conversation_id", "conversation"),
    # text | choice | voice | photo | location | contact | edited
    Column("kind", String(12), nullable=False),
    Column("text", SealedText("inbox.text")),
    Column("payload", SealedJSON("inbox.payload")),
    Column("category", String(20)),  # of the safety screen
    Column("severity", String(10)),
    # Written to be read by a human: kept without a consent (safeguarding 2).
    Column("for_a_person", Boolean, nullable=False, server_default=false()),
    # The intake answered it wholly: no turn follows.
    Column("answered_at_intake", Boolean, nullable=False),
    # A complaint about staff and what follows: for the focal point alone (safeguarding 15).
    Column("restricted", Boolean, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("channel", "provider_id"),
)
# Of those that wait alone, however many were answered before: by conversation, and in their order.
for _name, _column in (
    ("ix_inbox_waiting", inbox.c.conversation_id),
    ("ix_inbox_next", inbox.c.id),
):
    Index(
        _name,
        _column,
        sqlite_where=inbox.c.done_at.is_(None),
        postgresql_where=inbox.c.done_at.is_(None),
    )

# What came besides words, fetched from the provider after the message was acknowledged.
attachment = Table(
    "attachment",
    metadata,
    primary_key(),
    reference("inbox_id", "inbox", index=False),
    # As it came, in whatever format; nothing as long as it has not been fetched. Sealed under the
    # name that the table had when it held voice notes alone.
    Column("content", SealedBytes("voice_note.sound")),
    # What its first bytes say, of all but voices ("image/jpeg").
    Column("media_type", String(40)),
    # When to try next; nothing: it is here, or was given up.
    Column("due_at", UtcDateTime, index=True),
    Column("attempts", Integer, nullable=False),
    Column("error", String(60)),
    Column("fetched_at", UtcDateTime),
    Column("opened_at", UtcDateTime),
    reference("opened_by", "staff", nullable=True, index=False),
    UniqueConstraint("inbox_id"),
)

outbox = Table(
    "outbox",
    metadata,
    primary_key(),
    # To a person's conversation or to a chat of staff: exactly one of the two.
    reference("conversation_id", "conversation", nullable=True),
    reference("staff_chat_id", "staff_chat", nullable=True),
    reference("in_reply_to", "inbox", nullable=True),
    # Of a line to a chat of staff: the provider's id of what it answers.
    Column("answers_provider_id", String(255)),
    Column("author", String(8), nullable=False),  # bot | staff
    reference("staff_id", "staff", nullable=True),
    # text | notice (the neutral "there is an answer for you") | audio | erase
    Column("kind", String(8), nullable=False),
    # The recordings that say it ("fr/utter_menu"): of a text if asked for, of an audio row sent.
    Column("voice", Text),
    Column("text", SealedText("outbox.text"), nullable=False),
    # [{"key", "title", "token"}]
    Column("choices", SealedJSON("outbox.choices")),
    Column("priority", Integer, nullable=False),  # 0 crisis, 1 staff, 2 reply, 3 started by us
    # queued | sent | delivered | read | failed | held | cancelled
    Column("state", String(10), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("claimed_by", String(40)),
    Column("claimed_until", UtcDateTime),
    Column("provider_id", String(255), index=True),
    # The provider's ids of the parts before the last one, as far as they have left: a text that
    # is too long for one message goes on from there.
    Column("sent_parts", SealedJSON("outbox.sent_parts")),
    Column("error", String(60)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("read_at", UtcDateTime),
)
# What is delivered to us again is answered once.
Index("ix_outbox_answers", outbox.c.staff_chat_id, outbox.c.answers_provider_id, unique=True)


def in_state(table: Table, state: str) -> ColumnElement:
    """Tell whether a row of the outbox, or of an alias, is in a state.

    Spelt out, not bound: SQLite would plan anew each time, to see that an index of such rows
    alone serves.
    """
    return table.c.state == literal_column(f"'{state}'")


for _name, _state, *_columns in (
    ("ix_outbox_queued", "queued", outbox.c.priority, outbox.c.id),
    ("ix_outbox_queued_of", "queued", outbox.c.conversation_id),
    ("ix_outbox_queued_to_staff", "queued", outbox.c.staff_chat_id),
    ("ix_outbox_held", "held", outbox.c.conversation_id),
):
    Index(
        _name,
        *_columns,
        sqlite_where=in_state(outbox, _state),
        postgresql_where=in_state(outbox, _state),
    )

# A button: an opaque token bound to its conversation, used once.
choice = Table(
    "choice",
    metadata,
    Column("token", String(24), primary_key=True),
    reference("conversation_id", "conversation"),
    reference("outbox_id", "outbox", nullable=True),
    Column("title", SealedText("choice.title"), nullable=False),
    Column("payload", SealedText("choice.payload"), nullable=False),
    Column("used_at", UtcDateTime),
)

# What Rasa remembers of one conversation: one row, replaced each turn.
dialogue_state = Table(
    "dialogue_state",
    metadata,
    reference("conversation_id", "conversation", index=False),
    Column("state", SealedJSON("dialogue_state.state"), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id"),
)

# Who of the staff is writing just now: worth nothing after a few seconds.
typing_claim = Table(
    "typing_claim",
    metadata,
    reference("conversation_id", "conversation", index=False),
    reference("staff_id", "staff", index=False),
    Column("until", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id"),
)

# The bot asked whether to go on in the language that somebody wrote in: not again for a while.
language_offer = Table(
    "language_offer",
    metadata,
    primary_key(),
    reference("conversation_id", "conversation"),
    # Who was asked: two people may share a phone. None before the name was confirmed.
    reference("person_id", "person", nullable=True, index=False),
    Column("language", String(8), nullable=False),
    Column("answer", String(4)),  # yes | no | nothing yet
    Column("at", UtcDateTime, nullable=False),
)
