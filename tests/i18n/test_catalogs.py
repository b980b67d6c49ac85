"""The translations themselves: whole, and understood when somebody types them back.

How each must be is read by ``bot.delivery.proofreading``.
"""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.followup.answers import read_choice, read_score, wants_to_skip
from bot.i18n.catalogs import load_languages
from bot.i18n.wording import load_responses
from bot.settings import PROJECT

LOCALES = PROJECT / "locales"
RESPONSES = load_responses(PROJECT / "domain.yml")


def _messages(path: Path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


ENGLISH = _messages(LOCALES / "en" / "LC_MESSAGES" / "messages.po")
CHAT = [message for message in ENGLISH if message.context]


def _id(message):
    return f"{message.context or 'page'}: {str(message.id)[:30]}"


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


@pytest.mark.parametrize("name", [name for name in RESPONSES if RESPONSES[name][0].get("buttons")])
def test_buttons_that_stand_together_differ(name):
    titles = list(_titles(name))
    for language in (1, 2):
        assert len({title[language] for title in titles}) == len(titles)


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
