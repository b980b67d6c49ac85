"""Where those who speak a language say its messages: record in the browser, or upload, and listen.

What is recorded is heard by people from the next message on; it is a row that overrides the file
until ``python -m bot audio export`` turns it into a change of that file.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.channels.registry import LIMITS
from bot.channels.sound import sound_response
from bot.console.parts import page_number
from bot.console.visit import Console, Visit, go, guarded
from bot.followup import recordings, translations
from bot.followup.access import NotAllowed
from bot.i18n.encode import LONGEST, NotASound, TooLong, to_voice
from bot.i18n.recordings import STATES, Reading, script, sound_of, state_words
from bot.i18n.wording import Wording

# Keeps a page small on a slow line.
PAGE_SIZE = 20
# What two minutes weigh as a phone records them.
_LARGEST_UPLOAD = 8 * 1024 * 1024
_PATH = "/voices"


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the voices."""
    one, voice = f"{_PATH}/{{language}}", f"{_PATH}/{{language}}/{{name}}"
    return [
        guarded(console, _PATH, _overview),
        guarded(console, one, _language),
        guarded(console, voice, _sound),
        guarded(console, voice, _record, method="POST", largest_upload=_LARGEST_UPLOAD),
    ]


def _overview(visit: Visit) -> Response:
    with visit.console.database.read() as connection:
        wording = _wording(visit, connection)
        allowed = _allowed(visit, connection)
        counts = {code: _counts(script(connection, wording, code)) for code in allowed}
    if not allowed:
        raise NotAllowed("no language to record")
    return visit.page(
        "voices.html",
        languages=[(wording.catalogs.languages[code], counts[code]) for code in allowed],
        states=STATES,
        state_words=state_words(visit.pages.translate),
    )


def _language(visit: Visit) -> Response:
    return _draw(visit)


def _draw(visit: Visit, *, error: str = "", of: str = "", status: int = 200) -> Response:
    """Draw the sentences that are asked for; ``error`` is why the recording ``of`` was refused."""
    code = visit.request.path_params["language"]
    with visit.console.database.read() as connection:
        _check(visit, connection, code)
        wording = _wording(visit, connection)
        every = script(connection, wording, code)
        names = recordings.who_recorded(connection, code)
    state = visit.query("state")
    wanted = [each for each in every if state not in STATES or each.state == state]
    if only := of or visit.query("only"):
        wanted = [each for each in every if each.name == only]
    page = page_number(visit)
    return visit.page(
        "voice.html",
        status=status,
        language_said=wording.catalogs.languages[code],
        readings=wanted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        names=names,
        counts=_counts(every),
        total=len(wanted),
        states=STATES,
        state=state if state in STATES else "",
        state_words=state_words(visit.pages.translate),
        page=page,
        more=len(wanted) > page * PAGE_SIZE,
        done=visit.query("done"),
        error=error,
        refused=of,
        longest=LONGEST,
    )


def _sound(visit: Visit) -> Response:
    code = visit.request.path_params["language"]
    with visit.console.database.read() as connection:
        _check(visit, connection, code)
        reading = _reading(visit, connection, code)
        if reading.voice is None:
            raise HTTPException(404)
        sound = sound_of(connection, reading.voice)
    return sound_response(sound, visit.request.headers.get("range", ""))


def _record(visit: Visit) -> Response:
    _ = visit.pages.translate
    code, name = visit.request.path_params["language"], visit.request.path_params["name"]
    with visit.console.database.read() as connection:
        _check(visit, connection, code)
        reading = _reading(visit, connection, code)
    try:
        sound = None if visit.form.get("do") == "take_away" else _converted(visit.file)
    except NotASound:
        reason = _("On n’entend rien dans ce fichier. Enregistrez encore, ou choisissez un autre.")
        return _draw(visit, error=reason, of=name, status=422)
    except TooLong:
        reason = _("C’est trop long : {seconds} secondes au plus.").format(seconds=LONGEST)
        return _draw(visit, error=reason, of=name, status=422)
    file = visit.console.wording.voices.get(code, name)
    with visit.console.database.write() as connection:
        recordings.record(
            connection,
            visit.member,
            visit.now,
            language=code,
            name=name,
            says=reading.words,
            sound=sound,
            replaces=file.digest if file else "",
        )
    done = "taken_away" if sound is None else "recorded"
    if visit.query("only"):
        # The script puts what has changed into the list that is open.
        return go(f"{_PATH}/{code}?only={name}")
    state = visit.query("state") if visit.query("state") in STATES else ""
    page = page_number(visit)
    return go(f"{_PATH}/{code}?state={state}&page={page}&done={done}#v-{reading.number}")


def _converted(data: bytes) -> bytes:
    """Return an upload as every channel takes it.

    Raises:
        NotASound, TooLong: it is none of a message.
    """
    sound = to_voice(data)
    if len(sound) > min(limits.audio for limits in LIMITS.values()):
        raise TooLong("too many bytes")
    return sound


def _reading(visit: Visit, connection: Connection, code: str) -> Reading:
    wanted = visit.request.path_params["name"]
    for reading in script(connection, _wording(visit, connection), code):
        if reading.name == wanted:
            return reading
    raise HTTPException(404)


def _wording(visit: Visit, connection: Connection) -> Wording:
    """Return the words as they are now: those of the process follow a moment later."""
    wording = visit.console.wording
    seen = wording.catalogs.corrected(translations.corrections(connection))
    return Wording(wording.responses, seen, wording.voices)


def _allowed(visit: Visit, connection: Connection) -> list[str]:
    languages = visit.console.wording.catalogs.languages
    return translations.languages_of(connection, visit.member, languages)


def _check(visit: Visit, connection: Connection, code: Any) -> None:
    if code not in _allowed(visit, connection):
        raise NotAllowed(f"language {code}")


def _counts(readings: list[Reading]) -> dict[str, int]:
    return {state: sum(each.state == state for each in readings) for state in STATES}
