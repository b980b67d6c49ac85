"""French spaces that no line breaks at; every sentence of the chat has them, English has none."""

import re

import pytest

from bot.i18n.typography import typeset
from bot.i18n.wording import load_responses, load_wording
from bot.settings import PROJECT

WORDING = load_wording(PROJECT)
RESPONSES = load_responses(PROJECT / "domain.yml")
_BREAKS = re.compile(r" [:;!?»]|« |\u202f")


def _everything_said(name, language):
    values = _placeholders(name)
    for form in ("tu", "vous"):
        said = WORDING.say(name, language, form, **values)
        yield from (said.text, *(title for _, title, _ in said.choices))


def _placeholders(name):
    response = RESPONSES[name][0]
    texts = [response["text"], *(button["title"] for button in response.get("buttons", ()))]
    return {key: "x" for text in texts for key in re.findall(r"\{(\w+)\}", text)}


@pytest.mark.parametrize("name", RESPONSES)
def test_no_line_of_french_begins_with_a_mark(name):
    for text in _everything_said(name, "fr"):
        assert not _BREAKS.search(text), text


@pytest.mark.parametrize("name", RESPONSES)
def test_english_has_no_space_before_a_mark(name):
    for text in _everything_said(name, "en"):
        assert not re.search(r"[ \u00a0\u202f][:;!?»]|«", text), text


def test_the_source_holds_only_spaces_that_an_editor_shows():
    """What a translator cannot see, a translator would lose."""
    for path in (PROJECT / "domain.yml", *(PROJECT / "locales").rglob("*.po*")):
        assert not re.search("[\u00a0\u202f]", path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("« passer » : oui ? Non ! Si ; bon", "«_passer_»_: oui_? Non_! Si_; bon"),
        ("à 10:30, https://example.org ?", "à 10:30, https://example.org_?"),
        ("« {words} » : {face}", "«_{words}_»_: {face}"),
        (":) a  : b", ":) a _: b"),
    ],
)
def test_only_the_space_of_a_mark_becomes_one_that_does_not_break(plain, set_):
    assert typeset(plain, "fr") == set_.replace("_", "\u00a0")
    assert typeset(plain, "en") == plain
