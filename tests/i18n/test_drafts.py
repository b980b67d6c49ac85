"""The languages that no native speaker has read yet: drafts from a source, never alone."""

from datetime import datetime, timezone
from itertools import product

import pytest
from babel.messages.pofile import read_po

from bot.followup.hours import DutyState
from bot.i18n.catalogs import catalog_path, load_languages
from bot.i18n.wording import load_responses, load_wording
from bot.safety.crisis import Situation, choose_crisis_reply
from bot.safety.discretion import betraying_words
from bot.safety.flags import CATEGORIES, RedFlag
from bot.settings import PROJECT

LOCALES = PROJECT / "locales"
LANGUAGES = load_languages(LOCALES)
UNREAD = [code for code, language in LANGUAGES.items() if not language.reviewed]
WORDING = load_wording(PROJECT)
RESPONSES = load_responses(PROJECT / "domain.yml")


def _messages(language):
    with catalog_path(LOCALES, language).open("rb") as file:
        return [message for message in read_po(file) if message.id and message.string]


@pytest.mark.parametrize("language", UNREAD)
def test_every_translation_says_where_it_is_from(language):
    messages = _messages(language)
    assert messages
    for message in messages:
        assert message.user_comments, message.id
        # Whoever takes the mark away has read it: the export writes the day.
        assert message.fuzzy or any(c.startswith("Signed ") for c in message.user_comments)


@pytest.mark.parametrize("language", UNREAD)
def test_yes_no_the_menu_a_person_and_danger_are_begun_in_every_language(language):
    begun = {message.context for message in _messages(language)}
    assert {
        "utter_welcome_code|button",
        "utter_label_ask_payment",
        "utter_greet",
        "utter_ok",
        "utter_not_understood",
        "utter_person_asked",
        "utter_retain",
        "utter_nine_check",
        "utter_crisis_opening_not_your_fault",
        "utter_crisis_choices",
    } <= begun


@pytest.mark.parametrize("language", UNREAD)
@pytest.mark.parametrize("name", [n for n in RESPONSES if n.startswith("utter_crisis_")])
def test_a_crisis_text_is_never_a_draft_alone(language, name):
    values = dict.fromkeys(("now", "opening", "number"), "116")
    fallback = LANGUAGES[language].fallback or "fr"
    for form in ("tu", "vous"):
        said = WORDING.say(name, language, form, **values)
        sure = WORDING.say(name, fallback, form, **values)
        assert sure.text in said.text
        for (_, shown, _), (_, title, _) in zip(said.choices, sure.choices, strict=True):
            assert title in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_crisis_reply_in_any_language_betrays_itself_on_a_locked_screen(language):
    evening, morning = (
        datetime(2026, 11, day, hour, tzinfo=timezone.utc) for day, hour in ((25, 22), (26, 8))
    )
    duties = [
        DutyState(duty, evening, morning, "Africa/Abidjan")
        for duty in ("duty", "on_call", "nobody")
    ]
    flags = [
        flag
        for category in CATEGORIES
        for flag in (
            RedFlag(category, "critical"),
            RedFlag(category, "critical", "someone_else"),
            RedFlag(category, "critical", "working_child"),
        )
    ]
    for flag, duty, form in product(flags, duties, ("tu", "vous")):
        reply = choose_crisis_reply(flag, Situation(form, None, duty, ()))
        said = [WORDING.say(name, language, form, **values).text for name, values in reply.lines]
        assert not set(betraying_words("\n".join(said))) - {"danger"}
