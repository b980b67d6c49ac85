"""The translations themselves: whole, faithful, short enough, and not betraying anyone."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.followup.answers import read_choice, read_score, wants_to_skip
from bot.i18n.catalogs import load_languages
from bot.i18n.wording import load_responses
from bot.safety.discretion import betraying_words
from bot.settings import PROJECT

LOCALES = PROJECT / "locales"
RESPONSES = load_responses(PROJECT / "domain.yml")
# WhatsApp's limits: of a button (three at most), else of a row in a list.
BUTTONS, BUTTON, ROW = 3, 20, 24
_PLACEHOLDER = re.compile(r"\{\w+[^}]*\}|%\(\w+\)s")
_GENDERED = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself|he/she|boy|girl)\b", re.I)


def _messages(path: Path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


ENGLISH = _messages(LOCALES / "en" / "LC_MESSAGES" / "messages.po")
CHAT = [message for message in ENGLISH if message.context]
EVERY = [message for path in sorted(LOCALES.glob("*/*/*.po")) for message in _messages(path)]


def _id(message):
    return f"{message.context or 'page'}: {str(message.id)[:30]}"


def _is_choice(message):
    context = message.context or ""
    return context.endswith("|button") or context.startswith("utter_label_")


def _titles(name):
    """Return the buttons of a response as (key, French title, English title)."""
    english = {m.id: m.string for m in CHAT if m.context == f"{name}|button"}
    for position, button in enumerate(RESPONSES[name][0].get("buttons", ()), start=1):
        yield button.get("key", str(position)), button["title"], english[button["title"]]


def test_each_catalog_is_of_a_language_we_know():
    begun = {path.name for path in LOCALES.iterdir() if (path / "LC_MESSAGES").is_dir()}
    assert begun <= set(load_languages(LOCALES)) - {"fr"}


@pytest.mark.parametrize("message", ENGLISH, ids=_id)
def test_english_is_whole_and_no_draft(message):
    assert message.string
    assert not message.fuzzy


def test_every_sentence_of_the_chat_stands_in_the_catalog():
    found = {(message.context, message.id) for message in CHAT}
    for name, (response, *_others) in RESPONSES.items():
        assert (name, response["text"]) in found
        if "vous" in response.get("metadata", {}):
            assert (f"{name}|vous", response["metadata"]["vous"]) in found
        for button in response.get("buttons", ()):
            assert (f"{name}|button", button["title"]) in found


@pytest.mark.parametrize("message", [m for m in EVERY if m.string], ids=_id)
def test_a_translation_has_the_placeholders_of_its_source(message):
    wanted = sorted(_PLACEHOLDER.findall(message.id))
    assert sorted(_PLACEHOLDER.findall(message.string)) == wanted
    # What is left of the braces would make the wording fall back to French.
    assert not re.search(r"[{}]", _PLACEHOLDER.sub("", message.string))


@pytest.mark.parametrize("message", [m for m in CHAT if m.string], ids=_id)
def test_a_translation_says_the_reserved_digits_and_no_more_lines_than_its_source(message):
    reserved = re.compile(r"\b[789X]\b")
    assert sorted(reserved.findall(message.string)) == sorted(reserved.findall(message.id))
    assert message.string.count("\n") == message.id.count("\n")
    assert len(message.string) <= 400


@pytest.mark.parametrize("message", CHAT, ids=_id)
def test_english_betrays_no_more_than_the_french_and_has_no_gender(message):
    french = betraying_words(message.id, within=len(message.id))
    assert set(betraying_words(message.string)) <= set(french)
    assert not _GENDERED.search(message.string)


@pytest.mark.parametrize("name", [name for name in RESPONSES if RESPONSES[name][0].get("buttons")])
def test_buttons_fit_with_their_digit_and_differ(name):
    titles = list(_titles(name))
    limit = BUTTON if len(titles) <= BUTTONS else ROW
    for key, *both in titles:
        for title in both:
            assert len(f"{key} {title}") <= limit, title
    for language in (1, 2):
        assert len({title[language] for title in titles}) == len(titles)


@pytest.mark.parametrize("message", [m for m in EVERY if m.string and _is_choice(m)], ids=_id)
def test_a_choice_fits_on_a_button_with_its_digit_in_every_language(message):
    choices = RESPONSES[message.context.partition("|")[0]][0].get("buttons", ())
    limit = BUTTON if len(choices) <= BUTTONS else ROW
    assert len(f"1 {message.string}") <= limit


def test_an_answer_to_a_form_is_understood_when_typed_in_english():
    tables = {"workshop": "workshop", "wants_contact": "contact"}
    asked = 0
    for name in RESPONSES:
        payloads = [button["payload"] for button in RESPONSES[name][0].get("buttons", ())]
        for payload, (_key, _french, english) in zip(payloads, _titles(name), strict=True):
            match = re.search(r'"question": "(\w+)", "answer": "(\w+)"', payload)
            if match:
                table = tables.get(match[1])
                heard = read_choice(table, english) if table else read_score(english)
                assert heard is not None, english
                assert heard.value == match[2]
                asked += 1
    assert asked


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("receipt", "received"),
        ("receipt", "not_received"),
        ("receipt", "wrong_amount"),
        ("cause", "at_withdrawal"),
        ("cause", "someone_took"),
        ("cause", "unknown"),
    ],
)
def test_an_answer_about_money_is_understood_when_typed_in_english(question, answer):
    (english,) = (m.string for m in CHAT if m.context == f"utter_label_{answer}")
    heard = read_choice(question, english)
    assert heard is not None
    assert heard.value == answer


def test_the_word_that_skips_a_question_does_so():
    told = {word for m in CHAT for word in re.findall(r"“(skip)”|« (passer) »", m.string + m.id)}
    words = {first or second for first, second in told}
    assert words == {"skip", "passer"}
    assert all(wants_to_skip(word) for word in words)
