"""Asking whether to go on in the language that somebody writes in: seldom, and at a good moment.

The bot never changes a language by itself. The question is said in the language that was found
(with what stands in for it where that sentence is only a draft), and comes behind the answer: its
numbers go on from the answer's own, so that nothing that was offered is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.delivery.ports import Answer, Understood
from bot.delivery.queue import Offer
from bot.followup import languages
from bot.followup.answers import read_choice
from bot.followup.requests import has_open_red_flag
from bot.i18n.identify import surely_written_in
from bot.i18n.wording import Said, Wording

YES, NO = "/language_yes", "/language_no"
# What was meant for staff, says goodbye or names a language itself is no moment to ask.
_NOT_NOW = frozenset(
    ("change_language", "complain_staff", "delete_my_data", "goodbye", "report_danger")
) | frozenset(("report_other_child", "stop_messages", "talk_to_human", "wrong_person"))
_GUESSED = frozenset(("nlu_fallback", "out_of_scope"))
# A title that says yes or no too, while the question is open.
_WITHHELD = "withheld"
# The digits from here on are reserved.
_FIRST_RESERVED = 7


def language_to_offer(
    connection: Connection,
    talk: Row,
    message: Row,
    understood: Understood | None,
    answer: Answer,
    now: datetime,
) -> str | None:
    """Return the language to ask about after this answer, or None where it is not the moment.

    Args:
        talk: the conversation as it was before the answer.
        understood: what a typed message means; None for a button.
    """
    if understood is None:
        return None
    if answer.failed or answer.in_form or understood.intent in _NOT_NOW:
        return None
    if talk.opted_out_at is not None or message.severity is not None or message.restricted:
        return None
    written_in = surely_written_in(message.text or "", besides=talk.language)
    if written_in is None or has_open_red_flag(connection, talk.id):
        return None
    return written_in if languages.may_offer(connection, talk, written_in, now) else None


def ask_behind(
    said: list[Said], understood: Understood | None, wording: Wording, language: str, form: str
) -> list[Said]:
    """Return an answer with the question behind it; ``said`` itself where digits run out.

    Guesses give way to the question: what is in another language was not understood.
    """
    kept = said
    if understood is not None and understood.intent in _GUESSED:
        kept = [one for one in said if not one.choices or _asks_for_consent(one)]
    name = wording.catalogs.languages[language].name
    question = wording.say("utter_offer_language", language, form, language=name)
    first = 1 + max((int(key) for key, _, _ in _choices(kept) if key.isdigit()), default=0)
    if first + len(question.choices) > _FIRST_RESERVED:
        return said
    numbered = tuple(
        (str(key), title, payload)
        for key, (_, title, payload) in enumerate(question.choices, start=first)
    )
    return [*kept, Said(question.text, numbered)]


def offer_of(asking: Sequence[Said]) -> Offer:
    """Return what can be chosen with the question: its answers, and the choices before it.

    A yes or no in words is the question's, whatever else may be answered so.
    """
    before = [
        {"key": key, "title": title, "payload": payload}
        if read_choice("yes_no", title) is None
        else {"key": key, "title": "", "payload": payload, _WITHHELD: title}
        for key, title, payload in _choices(asking[:-1])
    ]
    question = [
        {"key": key, "title": title, "payload": payload}
        for key, title, payload in asking[-1].choices
    ]
    return [*before, *question]


def is_asked(offer: Offer | None) -> bool:
    """Tell whether the question is what may be answered now."""
    return any(item["payload"] == YES for item in offer or ())


def offer_without(offer: Offer | None) -> Offer | None:
    """Return what can still be chosen after the question was answered with a no."""
    left = [item for item in offer or () if item["payload"] not in (YES, NO)]
    return [{**item, "title": item.get(_WITHHELD, item["title"])} for item in left] or None


def _choices(said: Sequence[Said]) -> tuple[tuple[str, str, str], ...]:
    return next((one.choices for one in reversed(said) if one.choices), ())


def _asks_for_consent(said: Said) -> bool:
    return any(payload.startswith("/consent_") for _, _, payload in said.choices)
