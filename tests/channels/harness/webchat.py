"""The web chat for the conformance tests: a browser without scripts, which posts plain forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from html.parser import HTMLParser

import httpx
from sqlalchemy import insert, select

from bot.channels.base import Rendered
from bot.channels.webchat.identity import COOKIE, PATH
from bot.db.engine import Database
from bot.db.tables import outbox, recording, structure
from bot.followup.conversations import find_or_open
from bot.settings import Settings
from tests.channels.harness.base import Harness
from tests.conftest import KEYS
from tests.made_up import make_member, make_structure
from tests.platforms.base import Sent

_MESSAGES = f"{PATH}/messages"


class WebChat(Harness):
    """The page reads replies from the outbox: what is sent is a row there, marked sent."""

    name = "webchat"
    sends_notes = False

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        # After an error the server closes the connection. A browser then opens another by itself;
        # this one opens one for each request.
        no_kept = httpx.Limits(max_keepalive_connections=0)
        self._browser = httpx.Client(base_url=self.url, trust_env=False, limits=no_kept)
        self._form: dict[str, str] = {}
        self._status = 0

    @property
    def address(self) -> str:
        """The address in the browser's cookie, which the first page gives it."""
        if COOKIE not in self._browser.cookies:
            self._page()
        return self._browser.cookies[COOKIE].rpartition(".")[0]

    def start_platform(self) -> None:
        with self.database.write() as connection:
            make_structure(connection)

    def stop_platform(self) -> None:
        self._browser.close()

    def settings(self) -> Settings:
        return Settings("", KEYS, public_url=self.url, demo=True)

    def say(self, text: str) -> None:
        self._post({**self._page().fields, "text": text})

    def send_note(self, sound: bytes) -> None:
        raise NotImplementedError("the page has no microphone")

    def send_picture(self, picture: bytes, caption: str) -> None:
        raise NotImplementedError("the page takes no pictures")

    def press(self, title: str) -> None:
        sent = next(sent for sent in reversed(self.shown()) if sent.has_button(title))
        self._post({**self._page().fields, "token": sent.token(title)})

    def repeat(self) -> None:
        self._post(self._form)

    def acknowledged(self) -> bool:
        return self._status == httpx.codes.SEE_OTHER

    def shown(self) -> list[Sent]:
        return [
            replace(sent, text="", sound=self._browser.get(sent.text).content)
            if sent.kind == "voice"
            else sent
            for sent in self._page().replies
        ]

    def post_forged(self) -> int:
        form = {**self._page().fields, "text": "x"}
        return httpx.post(self.url + _MESSAGES, data=form, trust_env=False).status_code

    def send(self, message: Rendered) -> str:
        message_id = super().send(message)
        choices = [vars(choice) for choice in (*message.buttons, *message.rows)]
        self._mark_sent(message_id, kind="text", text=message.text, choices=choices)
        return message_id

    def send_audio(self, sound: bytes) -> str:
        message_id = super().send_audio(sound)
        now = datetime.now(timezone.utc)
        with self.database.write() as connection:
            member = make_member(connection, connection.execute(select(structure)).first())
            values = {"language": "dyu", "name": "utter_ok", "says": "", "replaces": ""}
            connection.execute(
                insert(recording).values(**values, sound=sound, staff_id=member.id, at=now)
            )
        self._mark_sent(message_id, kind="audio", text="", choices=[], voice="dyu/utter_ok")
        return message_id

    def _mark_sent(self, message_id: str, **values: object) -> None:
        now = datetime.now(timezone.utc)
        with self.database.write() as connection:
            talk = find_or_open(connection, self.name, self.address, now)
            connection.execute(
                insert(outbox).values(
                    conversation_id=talk.id,
                    author="bot",
                    priority=2,
                    state="sent",
                    restricted=False,
                    attempts=1,
                    due_at=now,
                    created_at=now,
                    sent_at=now,
                    provider_id=message_id,
                    **values,
                )
            )

    def _page(self) -> _Page:
        page = _Page()
        page.feed(self._browser.get(PATH).text)
        return page

    def _post(self, form: dict[str, str]) -> None:
        self._form = form
        self._status = self._browser.post(_MESSAGES, data=form).status_code


class _Page(HTMLParser):
    """What a person sees on the chat page, and the hidden fields of its last form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.replies: list[Sent] = []
        self._message_id = ""
        self._inside = ""
        self._text = ""
        self._audio = ""
        self._buttons: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[given["name"]] = given["value"]
        elif tag == "li":
            self._message_id = given.get("data-receipt", "")
            self._text, self._buttons, self._audio = "", [], ""
        elif tag == "audio":
            self._audio = given["src"]
        elif tag == "p" and "text" in given.get("class", "").split():
            self._inside = "text"
        elif tag == "button" and given.get("name") == "token":
            self._inside = "button"
            self._buttons.append(("", given["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "button"):
            self._inside = ""
        elif tag == "li" and self._message_id:
            kind = "voice" if self._audio else "buttons" if self._buttons else "text"
            text = self._audio or self._text
            self.replies.append(Sent(self._message_id, text, tuple(self._buttons), kind))

    def handle_data(self, data: str) -> None:
        if self._inside == "text":
            self._text += data
        elif self._inside == "button":
            title, token = self._buttons[-1]
            self._buttons[-1] = (title + data, token)


HARNESSES = [WebChat]
