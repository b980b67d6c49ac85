"""What is answered at once, in the intake's transaction, whatever else is going on.

A red flag, a 9, STOP, X, "c'est rien" after a crisis reply, a voice note: none of these waits for
the dialogue, a form or a person. Everything else is left to a turn.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Row

from bot.channels.base import Inbound
from bot.db.tables import alert, checkin, choice, dialogue_state
from bot.delivery import offers
from bot.delivery.queue import (
    Priority,
    cancel_waiting,
    enqueue,
    enqueue_erasure,
    last_question,
    withdraw_offer,
)
from bot.followup import cases, conversations, helplines, people, values
from bot.followup.hours import answer_by, duty_state
from bot.followup.promises import make_promise
from bot.i18n.wording import Said, Wording
from bot.safety.crisis import CrisisReply, Situation, choose_crisis_reply
from bot.safety.flags import RedFlag
from bot.safety.staff import names_staff

# The digit 9 is a cry for help without words.
DANGER_DIGIT = RedFlag("fear", "critical", "self")
_TAKE_BACK_WITHIN = timedelta(hours=24)
_LOW_SCORE = 2


class FirstResponse:
    """Answers what cannot wait. Called with the message already recorded."""

    def __init__(self, wording: Wording, country: str) -> None:
        self._wording = wording
        self._country = country

    def __call__(
        self,
        connection: Connection,
        talk: Row,
        event: Inbound,
        *,
        flag: RedFlag | None,
        payload: str | None,
        inbox_id: int,
        now: datetime,
    ) -> bool:
        """Answer the message if it is of a kind that cannot wait; tell whether it is answered."""
        act = _Act(self._wording, self._country, connection, talk, inbox_id, now)
        if flag is not None and flag.severity != "normal":
            act.answer_danger(flag, about_staff=names_staff(event.text))
            return True
        if flag is not None:
            act.open_task(flag, about_staff=names_staff(event.text))
        if event.kind == "edited":
            return True
        if event.kind in ("voice", "photo", "location", "contact"):
            act.receive_media(event.kind)
            return True
        if payload is not None:
            return act.follow_choice(payload)
        if event.kind == "choice":
            # A button pressed twice, or of a template: its answer is there, or released just now.
            return True
        if event.kind == "text" and not event.code:
            return act.follow_reserved_words(event.text)
        return False


class _Act:
    """One message being answered."""

    def __init__(
        self,
        wording: Wording,
        country: str,
        connection: Connection,
        talk: Row,
        inbox_id: int,
        now: datetime,
    ) -> None:
        self._wording, self._country = wording, country
        self._connection, self._talk = connection, talk
        self._inbox_id, self._now = inbox_id, now
        self._person = conversations.known_person(connection, talk)
        self._structure = people.structure_of(connection, self._person)
        self._form = conversations.address_form(self._person)

    def answer_danger(self, flag: RedFlag, *, about_staff: bool = False) -> None:
        """Open the alert and give the crisis reply; an unfinished form is forgotten.

        A danger that names staff is the focal point's alone (safeguarding 15); a bribe is answered
        as a complaint: nobody needs a helpline for it.
        """
        unsure = self._person is None or self._person.phone_shared
        cases.open_alert(
            self._connection,
            kind="staff_complaint" if about_staff else "red_flag",
            category=flag.category,
            severity=flag.severity,
            talk=self._talk,
            inbox_id=self._inbox_id,
            author_unsure=unsure,
            restricted=about_staff,
            now=self._now,
        )
        self._forget_form()
        if self._talk.crisis_muted == flag.category:
            self._say("utter_crisis_noted", priority=Priority.CRISIS)
            return
        if about_staff and flag.category == "exploitation" and flag.severity == "high":
            said = self._complaint_received()
        else:
            said = self._worded(self._choose(flag, unsure))
        self._enqueue(said, Priority.CRISIS, restricted=about_staff)

    def _complaint_received(self) -> Said:
        by = answer_by(self._structure, self._now)
        make_promise(
            self._connection,
            conversation_id=self._talk.id,
            person_id=self._talk.person_id,
            subject="staff_complaint",
            due_at=by,
            now=self._now,
        )
        return self._wording.say(
            "utter_complaint_received",
            self._talk.language,
            self._form,
            by=values.by(by, self._structure, self._now),
            worker=values.worker(people.worker_name(self._connection, self._person)),
        )

    def open_task(self, flag: RedFlag, *, about_staff: bool) -> None:
        """Make a task for the worker of a flag that is past and over; the dialogue answers."""
        cases.open_alert(
            self._connection,
            kind="staff_complaint" if about_staff else "red_flag",
            category=flag.category,
            severity="normal",
            talk=self._talk,
            inbox_id=self._inbox_id,
            restricted=about_staff,
            now=self._now,
        )

    def receive_media(self, kind: str) -> None:
        """Acknowledge what the bot cannot hear or see; a person does (safeguarding 22)."""
        by = answer_by(self._structure, self._now)
        cases.open_alert(
            self._connection,
            kind="voice" if kind == "voice" else "task",
            severity="high" if kind in ("voice", "photo") else "normal",
            talk=self._talk,
            inbox_id=self._inbox_id,
            answer_by=by,
            now=self._now,
        )
        if self._talk.owner_id is not None:
            return
        name = "utter_voice_received" if kind == "voice" else "utter_photo_received"
        moment = {"moment": by.isoformat(), "timezone": self._structure.timezone}
        conversations.change(
            self._connection,
            self._talk.id,
            human_asked_at=self._talk.human_asked_at or self._now,
        )
        make_promise(
            self._connection,
            conversation_id=self._talk.id,
            person_id=self._talk.person_id,
            subject="human_answer",
            due_at=by,
            now=self._now,
        )
        self._say(name, hour=moment)

    def follow_choice(self, payload: str) -> bool:
        """Answer the buttons that belong to a crisis reply or to the check of a 9."""
        if payload == "/crisis_misunderstood":
            self._take_back()
        elif payload == "/crisis_erase":
            enqueue_erasure(self._connection, self._talk, self._now)
            self._say("utter_crisis_erase_help", priority=Priority.CRISIS)
        elif payload == "/nine_yes":
            self.answer_danger(DANGER_DIGIT)
        elif payload == "/nine_no":
            self._repeat_last_question()
        else:
            return False
        return True

    def follow_reserved_words(self, text: str) -> bool:
        """Answer X, STOP, 9 and a cry for help taken back."""
        if offers.is_quick_exit(text):
            self._leave()
        elif offers.is_stop(text):
            self._stop()
        elif offers.is_danger_digit(text):
            self._check_or_answer_nine()
        elif offers.is_taken_back(text) and self._crisis_is_recent():
            self._take_back()
        else:
            return False
        return True

    def _choose(self, flag: RedFlag, unsure: bool) -> CrisisReply:
        country = self._country_of_person()
        child = None if self._person is None else people.is_child(self._person, self._now)
        return choose_crisis_reply(
            flag,
            Situation(
                form="vous" if unsure else conversations.address_form(self._person),
                child=child,
                duty=duty_state(self._structure, self._now),
                helplines=tuple(helplines.for_country(self._connection, country)),
            ),
        )

    def _country_of_person(self) -> str:
        if self._person is not None:
            return str(self._structure.country)
        prefix = helplines.country_of_number(self._talk.address)
        if self._talk.channel == "whatsapp" and prefix is not None:
            return prefix
        return self._country

    def _worded(self, reply: CrisisReply) -> Said:
        lines = [
            self._wording.say(name, self._talk.language, reply.form, **values)
            for name, values in reply.lines
        ]
        text = "\n".join(line.text for line in lines)
        return Said(text, lines[-1].choices)

    def _check_or_answer_nine(self) -> None:
        if self._talk.expects_number and not self._talk.asked_about_nine:
            conversations.change(self._connection, self._talk.id, asked_about_nine=True)
            self._say("utter_nine_check")
            return
        self.answer_danger(DANGER_DIGIT)

    def _repeat_last_question(self) -> None:
        question = last_question(self._connection, self._talk.id)
        if question is None:
            self._say("utter_ok")
            return
        payloads = _payloads_of(self._connection, question.id)
        choices = tuple(
            (item["key"], item["title"], payloads[item["token"]])
            for item in question.choices
            if item["token"] in payloads
        )
        self._enqueue(Said(question.text, choices), Priority.REPLY)

    def _crisis_is_recent(self) -> bool:
        query = select(alert.c.id).where(
            alert.c.conversation_id == self._talk.id,
            alert.c.kind == "red_flag",
            alert.c.severity != "normal",
            alert.c.state != "resolved",
            alert.c.opened_at > self._now - _TAKE_BACK_WITHIN,
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def _take_back(self) -> None:
        cases.take_back(self._connection, self._talk.id, self._now)
        query = (
            select(alert.c.category)
            .where(alert.c.conversation_id == self._talk.id, alert.c.kind == "red_flag")
            .order_by(alert.c.id.desc())
            .limit(1)
        )
        category = self._connection.execute(query).scalar_one_or_none()
        conversations.change(self._connection, self._talk.id, crisis_muted=category)
        withdraw_offer(self._connection, self._talk.id)
        self._say("utter_crisis_taken_back")

    def _leave(self) -> None:
        cancel_waiting(self._connection, self._talk.id)
        self._forget_form()
        conversations.change(self._connection, self._talk.id, left_at=self._now)
        enqueue_erasure(self._connection, self._talk, self._now)
        self._say("utter_quick_exit", priority=Priority.CRISIS)

    def _stop(self) -> None:
        cancel_waiting(self._connection, self._talk.id)
        self._forget_form()
        conversations.opt_out(self._connection, self._talk.id, self._now)
        cases.open_alert(
            self._connection,
            kind="stopped",
            severity="high" if self._worrying() else "normal",
            talk=self._talk,
            inbox_id=self._inbox_id,
            now=self._now,
        )
        self._say("utter_stopped")

    def _worrying(self) -> bool:
        open_flag = select(alert.c.id).where(
            alert.c.conversation_id == self._talk.id,
            alert.c.kind == "red_flag",
            alert.c.state != "resolved",
        )
        if self._connection.execute(open_flag.limit(1)).first() is not None:
            return True
        if self._talk.person_id is None:
            return False
        last = (
            select(checkin.c.week)
            .where(checkin.c.person_id == self._talk.person_id, checkin.c.week.is_not(None))
            .order_by(checkin.c.id.desc())
            .limit(1)
        )
        score = self._connection.execute(last).scalar_one_or_none()
        return score is not None and score <= _LOW_SCORE

    def _forget_form(self) -> None:
        withdraw_offer(self._connection, self._talk.id)
        self._connection.execute(
            delete(dialogue_state).where(dialogue_state.c.conversation_id == self._talk.id)
        )
        conversations.change(
            self._connection, self._talk.id, expects_number=False, asked_about_nine=False
        )

    def _say(self, name: str, *, priority: Priority = Priority.REPLY, **values: Any) -> None:
        said = self._wording.say(name, self._talk.language, self._form, **values)
        self._enqueue(said, priority)

    def _enqueue(self, said: Said, priority: Priority, *, restricted: bool = False) -> None:
        enqueue(
            self._connection,
            self._talk,
            said,
            self._now,
            priority=priority,
            in_reply_to=self._inbox_id,
            restricted=restricted,
        )


def _payloads_of(connection: Connection, outbox_id: int) -> dict[str, str]:
    query = select(choice.c.token, choice.c.payload).where(choice.c.outbox_id == outbox_id)
    return {token: payload for token, payload in connection.execute(query)}
