"""What of the chat is said aloud: which messages have a voice, its name, and its words.

A voice is named after its message (``utter_menu``, ``utter_menu.vous`` for that form). It says the
sentence and its choices with their digits; what stands in ``metadata.spoken`` instead where the
sentence has values filled in or is not said as it is written (faces, a list). A message with
values and nothing to say instead has no voice.

A crisis reply is put together from lines, and so is its voice: one for each line, and behind those
that tell a number or when somebody is there again (``metadata.spoken_then``) one for each digit,
the day, the hour. A *reference* names what to play: lines with commas between, each its language
and, with "+" between, its voices: "fr/utter_crisis_number_free+utter_said_digit_1,fr/utter_menu".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n.catalogs import Catalogs, Translation

Responses = Mapping[str, list[dict[str, Any]]]

SPOKEN, SPOKEN_VOUS = "spoken", "spoken_vous"
# The value that is said behind a sentence: "number", or "opening", which is a moment.
SPOKEN_THEN = "spoken_then"
_VOUS = "vous"
_VOUS_NAME = f".{_VOUS}"

# Never said to a person by themselves: to staff, ready for staff, titles, parts of other sentences.
_NO_VOICE = (
    *("utter_staff_", "utter_canned_", "utter_label_", "utter_by_", "utter_human_"),
    *("utter_numbered_", "utter_bulleted_"),
)
_PARTS = frozenset(
    {
        "utter_appointment_call",
        "utter_appointment_health",
        "utter_appointment_office",
        "utter_appointment_visit",
        "utter_notice",
        "utter_the_team",
        "utter_training_any_time",
        "utter_training_one_place",
    }
)
# The hours at which teams begin to work; at any other the day alone is said.
_HOURS = range(6, 16)
_WEEK = timedelta(days=7)
# Said when they are asked for, and only then.
_ON_REQUEST = (
    *("utter_crisis_", "utter_danger", "utter_nine_", "utter_complaint_", "utter_report_"),
    *("utter_checkin_", "utter_ask_checkin_", "utter_said_"),
)
# They make a picture of the sign before them, or one of two.
_SHAPES = "\ufe0e\ufe0f\u200d"
_VALUE = re.compile(r"\{\w+\}")
_PICTURES = re.compile(r"(?<=\w) *\0+ *(?=[^\W\d_])")
_SPACES = re.compile(r"[^\S\n]+")


def voice_names(responses: Responses) -> tuple[str, ...]:
    """Return the names of all voices, in the order of the sentences."""
    names = (name + form for name, variants in responses.items() for form in _forms(variants[0]))
    return tuple(name for name in names if _source(responses, name) is not None)


def form_name(response: Mapping[str, Any], name: str, form: str) -> str:
    """Return what the voice of a response is called in a form of address, if it has one."""
    return name + _VOUS_NAME if form == _VOUS and _VOUS_NAME in _forms(response) else name


def said_on_request(reference: str) -> bool:
    """Tell whether a voice ("fr/utter_menu", or its name) is sent only when it is asked for.

    Those of wellbeing, danger and complaints are: whoever is near would hear them too.
    """
    return reference.partition(",")[0].rpartition("/")[2].startswith(_ON_REQUEST)


def reference(language: str, names: Iterable[str]) -> str:
    """Return what a line of one or more voices is called."""
    return f"{language}/{'+'.join(names)}"


def joined(references: Iterable[str]) -> str:
    """Return what lines are called together; those without a voice are left out."""
    return ",".join(filter(None, references))


def lines_of(wanted: str) -> list[tuple[str, list[str]]]:
    """Return the lines of a reference: the language of each, and the names of its voices."""
    lines = [line.partition("/") for line in wanted.split(",")]
    return [(language, names.split("+")) for language, _, names in lines]


def said_behind(response: Mapping[str, Any], values: Mapping[str, Any]) -> list[str] | None:
    """Return the voices of the value that is said behind a sentence; None if it cannot be said."""
    then = (response.get("metadata") or {}).get(SPOKEN_THEN)
    if then is None:
        return []
    if isinstance(values[then], Mapping):
        return _day_and_hour(values[then], values["now"])
    return [f"utter_said_digit_{digit}" for digit in values[then] if digit.isdecimal()]


def _day_and_hour(opening: Mapping[str, str], now: Mapping[str, str]) -> list[str] | None:
    """Say the day of the week and the hour; None where the week after next could be meant."""
    zone = ZoneInfo(opening["timezone"])
    at, today = (datetime.fromisoformat(of["moment"]).astimezone(zone) for of in (opening, now))
    if at.date() - today.date() >= _WEEK:
        return None
    said = [f"utter_said_day_{at.isoweekday()}"]
    if at.hour in _HOURS and at.minute in (0, 30):
        said.append(f"utter_said_hour_{at.hour}")
        said += ["utter_said_half"] if at.minute else []
    return said


def words_of(responses: Responses, catalogs: Catalogs, name: str, language: str) -> Translation:
    """Return what a voice says in a language, or in the one that stands in for it.

    It is a draft if any part of it is.
    """
    sources = _source(responses, name)
    if sources is None:
        raise KeyError(name)
    parts = [catalogs.find(context, source, language) for context, source, _ in sources]
    keys = [key for _, _, key in sources]
    text = "\n".join(f"{key}{_said(part.text)}" for key, part in zip(keys, parts, strict=True))
    return Translation(text, any(part.draft for part in parts), parts[0].language)


def _source(responses: Responses, name: str) -> list[tuple[str, str, str]] | None:
    """Return what a voice says as (context, French, the key said before it); None for no voice."""
    response_name, dot, _ = name.partition(".")
    if response_name.startswith(_NO_VOICE) or response_name in _PARTS:
        return None
    response = responses[response_name][0]
    metadata = response.get("metadata") or {}
    spoken = metadata.get(SPOKEN_VOUS if dot else SPOKEN) or metadata.get(SPOKEN)
    if spoken:
        form = f"|{_VOUS}" if dot and SPOKEN_VOUS in metadata else ""
        return [(f"{response_name}|{SPOKEN}{form}", spoken, "")]
    text = metadata[_VOUS] if dot else response["text"]
    parts = [(f"{response_name}|{_VOUS}" if dot else response_name, text, "")]
    parts += _choices(responses, response_name)
    silent = any(_VALUE.search(source) or not _said(source) for _, source, _ in parts)
    return None if silent else parts


def _choices(responses: Responses, name: str) -> list[tuple[str, str, str]]:
    return [
        (f"{name}|button", button["title"], f"{button.get('key', place)} : ")
        for place, button in enumerate(responses[name][0].get("buttons", ()), start=1)
    ]


def _forms(response: Mapping[str, Any]) -> tuple[str, ...]:
    metadata = response.get("metadata") or {}
    return ("", _VOUS_NAME) if {_VOUS, SPOKEN_VOUS} & metadata.keys() else ("",)


def _said(text: str) -> str:
    """Return a text without what cannot be said: pictures; "9 = danger" becomes "9 : danger"."""
    letters = "".join("\0" if _is_picture(letter) else letter for letter in text)
    # A picture between two sentences ends the first one.
    letters = _PICTURES.sub(". ", letters).replace("\0", "")
    return _SPACES.sub(" ", letters.replace(" = ", " : ")).strip()


def _is_picture(letter: str) -> bool:
    return letter in _SHAPES or unicodedata.category(letter) in ("So", "Sk", "Cs", "Me")
