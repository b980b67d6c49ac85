"""The door: code, consent and name, before the dialogue may know who writes (safeguarding 1, 2).

The dialogue answers a stranger too, but only in general, and remembers nothing of it. What stands
here is what leads from a first message to a confirmed person, in the order of model conversation 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from bot.delivery import switching
from bot.followup import cases, consent, conversations, helplines, languages, people
from bot.followup.alerts import Kind
from bot.followup.answers import read_choice, speaks_of
from bot.i18n.wording import Said, Wording

_NAME_TRIES = 2
# Questions of the door that a yes or no answers, as their payloads begin.
_DOOR = ("/consent", "/write_again")
# A first message of these intents is answered by the welcome itself.
GREETING_INTENTS = frozenset(
    {"greet", "ask_help", "thank", "affirm", "deny", "bot_challenge", "out_of_scope"}
)


class Reception:
    """Receives one message of one conversation. ``said`` collects what to answer.

    ``keeps_offer``: what could be chosen before, apart from the language, still can.
    """

    def __init__(
        self, connection: Connection, talk: Row, wording: Wording, inbox_id: int, now: datetime
    ) -> None:
        self._connection = connection
        self._talk = talk
        self._wording = wording
        self._inbox_id = inbox_id
        self._now = now
        self.said: list[Said] = []
        self.keeps_offer = False

    def receive(self, message: Row) -> bool:
        """Take a message that is about coming in, staying or going; False leaves it to others."""
        code = message.payload.get("code") or ""
        text = message.text or ""
        payload = message.payload.get("choice") or self._said_in_words(text)
        written = code or (consent.code_in(text) if payload is None else "")
        if written and self._take_code(written, in_sentence=written not in (code, text)):
            pass
        elif payload == "/consent_yes":
            self._consent_given()
        elif payload == "/consent_no":
            self._consent_refused()
        elif payload == "/consent_more":
            self._say("utter_consent_more")
        elif payload == "/write_again_yes":
            conversations.opt_in(self._connection, self._talk.id)
            self._say(self._for_kind("utter_menu"))
        elif payload == "/write_again_no":
            self._say("utter_stopped")
        elif (answer := self._about_language(message)) is not None:
            self._answer_language_offer(answer)
        elif payload == "/read_answer":
            pass  # what was held has been released by the message's arrival
        elif payload is None and self._talk.enrolment == "name_asked" and self._is_a_name(text):
            self._take_name(text)
        elif text.strip() in ("/start", "start") and self._talk.consent == "unknown":
            self.welcome()
        else:
            return False
        return True

    def welcome(self) -> None:
        """Say what this is, who reads, and ask for consent."""
        self._ask_consent(self._talk.person_id)

    def ask_again(self) -> None:
        """Repeat the question of consent to somebody who has a code and wrote something else."""
        self._say("utter_consent_more")

    def welcome_back(self) -> None:
        """Ask whether we may write again, after a STOP."""
        self._say("utter_welcome_back")

    def go_on_in_new_language(self) -> None:
        """Say what follows once another language was chosen: the open question of the door again.

        Whoever consents must have read in that language to what.
        """
        self._talk = conversations.get_conversation(self._connection, self._talk.id)
        if not self._wording.catalogs.languages[self._talk.language].reviewed:
            self._say("utter_language_partial")
        if self._talk.consent in ("unknown", "asked"):
            self.welcome()
        elif self._talk.enrolment == "name_asked":
            self._say("utter_ask_first_name")

    def _said_in_words(self, text: str) -> str | None:
        """Return the answer to the door's open question where somebody writes "ok" or "nan"."""
        offer = self._talk.offer or ()
        if self._talk.owner_id is not None or switching.is_asked(self._talk.offer):
            return None
        asked = next((q for q in _DOOR if any(item["payload"] == f"{q}_yes" for item in offer)), "")
        heard = read_choice("yes_no", text) if asked else None
        return f"{asked}_{heard.value}" if heard is not None and heard.whole else None

    def _about_language(self, message: Row) -> str | None:
        """Return "yes" or "no" to the question whether to go on in another language, if it is one.

        Said in any language: whoever is asked in a new one may answer in the old. What is typed
        while a colleague writes is for the colleague.
        """
        if self._talk.owner_id is not None and message.kind != "choice":
            return None
        payload = message.payload.get("choice")
        if payload in (switching.YES, switching.NO):
            return "yes" if payload == switching.YES else "no"
        if payload is not None or not switching.is_asked(self._talk.offer):
            return None
        heard = read_choice("yes_no", message.text or "")
        return heard.value if heard is not None and heard.whole else None

    def _answer_language_offer(self, answer: str) -> None:
        language = languages.answer_offer(self._connection, self._talk, answer)
        if language is not None and answer == "yes":
            languages.choose_language(self._connection, self._talk, language)
        if self._talk.owner_id is not None:
            return  # a colleague answers
        if language is None or answer == "no":
            self.keeps_offer = True
            self._say("utter_language_kept")
            return
        self._talk = conversations.get_conversation(self._connection, self._talk.id)
        self._say("utter_language_changed")
        self.go_on_in_new_language()
        if self._talk.enrolment == "confirmed":
            self._say(self._for_kind("utter_menu"))

    def _is_a_name(self, text: str) -> bool:
        """Tell whether a message answers the question for the name, and asks for no language."""
        someone = self._named()
        if someone is not None and people.name_fits(someone, text):
            return True
        return bool(text) and speaks_of("language", text) is None

    def _take_code(self, written: str, *, in_sentence: bool) -> bool:
        """Let in by a code, or count a wrong try.

        Returns:
            False where a sentence only holds what looks like a code, from somebody who needs none:
            it counts as a try, and is to be answered for what else it says.
        """
        code, failures = None, self._talk.code_failures
        if failures < consent.MAXIMUM_CODE_FAILURES:
            code = consent.redeem_code(self._connection, written, self._now)
        if code is None or code.person_id is None:
            failures += 1
            self._note_wrong_code(failures)
            if in_sentence and (self._talk.person_id or self._talk.owner_id) is not None:
                return False
            is_last = failures >= consent.MAXIMUM_CODE_FAILURES
            self._say("utter_code_limit" if is_last else "utter_code_wrong")
            return True
        someone = people.find_person(self._connection, code.person_id)
        # It may have been somebody else's until now, who shares the phone.
        conversations.forget_dialogue(self._connection, self._talk.id)
        self._change(
            person_id=someone.id,
            enrolment="none",
            name_tries=0,
            code_failures=0,
            consent="asked",
            language=languages.language_after_code(self._talk, someone),
        )
        self._ask_consent(someone.id)
        return True

    def _note_wrong_code(self, failures: int) -> None:
        """Keep how many there were; beyond the limit they are neither looked at nor counted."""
        if failures <= consent.MAXIMUM_CODE_FAILURES:
            self._change(code_failures=failures)
        if failures == consent.MAXIMUM_CODE_FAILURES:
            self._task(consent.CODE_FAILURES)

    def _ask_consent(self, person_id: int | None) -> None:
        self._change(consent="asked")
        someone = consent.person_named(self._connection, person_id)
        known = self._wording.catalogs.languages
        others = ", ".join(known[code].name for code in known if code != self._talk.language)
        if someone is None:
            self._say("utter_welcome_stranger", languages=others)
        else:
            self._say("utter_welcome_code", worker=self._worker(), languages=others)

    def _consent_given(self) -> None:
        self._record("yes")
        if self._talk.person_id is None:
            self._change(consent="yes")
            self._say("utter_consent_yes_stranger")
        elif self._talk.enrolment == "confirmed":
            self._change(consent="yes")
            self._say(self._for_kind("utter_menu"))
        else:
            self._change(consent="yes", enrolment="name_asked", name_tries=0)
            self._say("utter_ask_first_name")

    def _consent_refused(self) -> None:
        self._record("no")
        conversations.forget_dialogue(self._connection, self._talk.id)
        country = people.structure_of(self._connection, self._named()).country
        number = helplines.free_number(self._connection, country)
        if number is None:
            self._say("utter_consent_no_line")
        else:
            self._say("utter_consent_no", number=number)
        if self._talk.person_id is not None:
            self._task("consent_refused")
            consent.burn_codes(self._connection, self._talk.person_id, self._now)
            consent.withdraw_enrolment(self._connection, self._talk.id)
        self._change(consent="no")

    def _record(self, answer: str) -> None:
        consent.record_consent(
            self._connection,
            answer=answer,
            given_by="self",
            language=self._talk.language,
            person_id=self._talk.person_id,
            conversation_id=self._talk.id,
            now=self._now,
        )

    def _take_name(self, written: str) -> None:
        someone = self._named()
        if someone is not None and people.name_fits(someone, written):
            self._change(enrolment="confirmed")
            languages.keep_with_person(self._connection, someone.id, self._talk.language)
            self._say("utter_retain")
            self._say(self._for_kind("utter_enrolled"), first_name=someone.first_name)
            return
        tries = self._talk.name_tries + 1
        if tries < _NAME_TRIES:
            self._change(name_tries=tries)
            self._say("utter_name_again")
            return
        self._change(name_tries=tries, enrolment="to_confirm")
        self._task("name_mismatch")
        self._say("utter_name_unsure", worker=self._worker())

    def _named(self) -> Row | None:
        return consent.person_named(self._connection, self._talk.person_id)

    def _worker(self) -> Any:
        name = people.worker_name(self._connection, self._named())
        return name if name is not None else {"say": "utter_the_team"}

    def _task(self, kind: Kind) -> None:
        cases.open_alert(
            self._connection,
            kind=kind,
            severity="normal",
            talk=self._talk,
            inbox_id=self._inbox_id,
            now=self._now,
        )

    def _change(self, **values: Any) -> None:
        conversations.change(self._connection, self._talk.id, **values)
        self._talk = conversations.get_conversation(self._connection, self._talk.id)

    def _say(self, name: str, **values: Any) -> None:
        self.said.append(self._wording.say(name, self._talk.language, self.form, **values))

    def _for_kind(self, name: str) -> str:
        """Return the response for a caregiver or a beneficiary: their first choices differ."""
        named = self._named()
        caregiver = named is not None and named.kind == "caregiver"
        return f"{name}_caregiver" if caregiver else name

    @property
    def form(self) -> str:
        """How to address the person: "tu" or "vous"."""
        # A code carries the form of address, already before the name is confirmed.
        named = self._named()
        return conversations.address_form(named)
