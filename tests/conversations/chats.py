"""What is written in each chat, and the chats as a page for a reviewer to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.i18n.catalogs import load_languages
from bot.settings import PROJECT
from tests.conversations.town import Town
from tests.platforms.base import Sent

FOLDER = PROJECT / "docs" / "conversations"
# The two best guesses change with every training; that there are two, and a way out, does not.
_GUESSES = re.compile(r"⟦([12]) [^⟧]*⟧(?= ⟦)")

# What people write in words, where digits do not do: in the language where there is a source for
# it (see nlu/<language>/), else in the one that stands in for it. Danger is written in French or
# English in every language: people mix, and the screen matches all of them.
_FRENCH = {
    "hello": "slt",
    "money": "l'argent",
    "danger": "mon oncle me frap chak soir",
    "nothing": "non c rien laisse",
    "nonsense": "le gnamakoudji du carrefour",
    "no": "non",
    "complaint": "leducateur demande de largent pour me donner le kit",
    "yes": "oui",
    "sum": "20000",
    "thanks": "merci",
    "aid": "vous donnez quoi comme aide",
    "kit": "mon kit est où",
    "visit": "la visite c'est quel jour",
    "other day": "je peux pas jeudi",
    "who reads": "qui lit mes messages",
    "erase": "efface tout",
    "sick": "j'ai le palu",
    "school": "je veux retourner à l'école",
    "papers": "je n'ai pas d'extrait",
    "away": "je peux pas venir à l'atelier demain",
    "number": "j'ai changé mon numéro",
    "other child": "ya un petit qui travaille dans le champ de mon voisin",
}
_ENGLISH = {
    "hello": "hi",
    "money": "the money",
    "danger": "my uncle is beating me every night",
    "nothing": "no its nothing",
    "nonsense": "the gnamakoudji of the uncle",
    "no": "no",
    "complaint": "the teacher at the centre wants money from me for the kit",
    "yes": "yes",
    "sum": "20000",
    "thanks": "thank you",
    "aid": "what help do you give",
    "kit": "where is my kit",
    "visit": "when is the visit",
    "other day": "I can't thursday",
    "who reads": "who is reading this",
    "erase": "erase everything",
    "sick": "I am sick",
    "school": "I want to return to class",
    "papers": "I have no papers",
    "away": "I can't come to the workshop tomorrow",
    "number": "I have changed my number",
    "other child": "a small boy is working on the farm",
}
WRITTEN: dict[str, dict[str, str]] = {
    "fr": _FRENCH,
    "en": _ENGLISH,
    "dyu": {
        **_FRENCH,
        **{"hello": "i ni sɔgɔma", "no": "ayi", "yes": "awɔ", "thanks": "i ni ce"},
        "sum": "waga naani",
    },
    "bci": {
        **_FRENCH,
        **{"hello": "anyin o", "no": "tchɛtchɛ", "yes": "ɛɛ", "thanks": "n'yo wɔ kula"},
    },
    "ak": {
        **_ENGLISH,
        **{"hello": "maakye", "no": "daabi", "yes": "aane", "thanks": "medaase"},
    },
    "mos": {
        **_FRENCH,
        **{"hello": "ne y yibeoogo", "no": "ayo", "yes": "n'ghé", "thanks": "barka"},
        "sum": "tusr naase",
    },
}


@dataclass
class Chat:
    """One phone's chat. ``write`` takes a key of WRITTEN, or the text itself."""

    town: Town
    address: str
    lines: list[str]

    def write(self, *texts: str) -> list[Sent]:
        """Write one message after the other; return what the last one brought."""
        for text in texts:
            written = WRITTEN[self.town.language].get(text, text)
            brought = self.town.say(self.address, written)
            self.lines.append(f"» {written}")
            self.lines += [line for sent in brought for line in _shown(sent)]
        return brought

    def speak(self) -> None:
        """Send a voice note."""
        self.lines.append("» 🎤")
        brought = self.town.speak(self.address)
        self.lines += [line for sent in brought for line in _shown(sent)]


def _shown(sent: Sent) -> Iterator[str]:
    if sent.kind == "voice":
        yield "« 🔊"
        return
    first, *rest = sent.text.replace("\u00a0", " ").split("\n")
    yield f"« {first}"
    yield from (f"  {line}" for line in rest)
    if sent.titles:
        yield "  " + " ".join(f"⟦{title}⟧" for title in sent.titles)


def _digit_of(choice: str, brought: list[Sent]) -> str | None:
    """Return the digit that stands before a choice, if it is among those shown."""
    titles = (title.partition(" ") for sent in brought for title in sent.titles)
    return next((digit for digit, _, words in titles if words == choice), None)


def first_contact(town: Town) -> Chat:
    """Come in with a code: what is kept, the first name, the reserved digits."""
    number, code = town.newcomer()
    chat = Chat(town, number, [])
    chat.write(code, "3", "1", "Adjoua")
    chat.lines[0] = "» [code]"
    return chat


def a_stranger(town: Town) -> Chat:
    """Write without a code, say no, then ask for a person."""
    chat = Chat(town, town.number(), [])
    chat.write("hello", "2", "8")
    return chat


def another_language(town: Town) -> Chat:
    """Come to the language by 7, and by digits alone."""
    chat = Chat(town, town.boy(language="en" if town.language == "fr" else "fr"), [])
    name = load_languages(PROJECT / "locales")[town.language].name
    digit = _digit_of(name, chat.write("7"))
    if digit is None:
        digit = _digit_of(name, chat.write("4"))
    assert digit is not None
    chat.write(digit, "hello")
    return chat


def news(town: Town) -> Chat:
    """Say how the week was by digits, ask for a call."""
    chat = Chat(town, town.boy(), [])
    chat.write("hello", "1", "2", "4", "2", "2", "18 h")
    return chat


def danger(town: Town) -> Chat:
    """Write of a danger in the middle of the news, and take it back."""
    chat = Chat(town, town.boy(), [])
    chat.write("hello", "1", "danger", "nothing")
    return chat


def hearing(town: Town) -> Chat:
    """Ask to hear what is written; in danger that takes asking again."""
    chat = Chat(town, town.boy(), [])
    chat.write("hello", "🔊", "danger", "🔊", "sans voix")
    return chat


def nine(town: Town) -> Chat:
    """Press 9 without a word."""
    chat = Chat(town, town.boy(), [])
    chat.write("9", "1")
    return chat


def money(town: Town) -> Chat:
    """A mother hears what was sent, and complains that it was less."""
    chat = Chat(town, town.mother(), [])
    chat.write("hello", "1", "3", "sum")
    if "⟦" in chat.lines[-1] and WRITTEN[town.language]["sum"] != "20000":
        # Words that count in fives are asked back.
        chat.write("yes")
    chat.write("2", "thanks")
    return chat


def training(town: Town) -> Chat:
    """Look for another training, and ask for a place."""
    chat = Chat(town, town.boy(), [])
    chat.write("hello", "2", "couture", "2")
    return chat


def not_understood(town: Town) -> Chat:
    """Write what nobody understands, twice."""
    chat = Chat(town, town.boy(), [])
    chat.write("nonsense", "no")
    chat.lines = [_GUESSES.sub(r"⟦\1 …⟧", line) for line in chat.lines]
    return chat


def a_person(town: Town) -> Chat:
    """Ask for a person, twice."""
    chat = Chat(town, town.boy(), [])
    chat.write("8", "8")
    return chat


def about_staff(town: Town) -> Chat:
    """Complain about somebody of the staff."""
    chat = Chat(town, town.boy(), [])
    chat.write("complaint", "3")
    return chat


def leaving(town: Town) -> Chat:
    """Stop, leave by X, come back."""
    chat = Chat(town, town.boy(), [])
    chat.write("stop", "X", "hello", "1")
    return chat


def help_of_the_programme(town: Town) -> Chat:
    """Look for help, ask for a kit, and ask where it is."""
    chat = Chat(town, town.boy(), [])
    chat.write("aid", "1", "kit")
    return chat


def a_visit(town: Town) -> Chat:
    """Ask when the visit is, and for another day."""
    chat = Chat(town, town.visited(), [])
    chat.write("visit", "other day")
    return chat


def away(town: Town) -> Chat:
    """Say that one cannot come, and that one is sick."""
    chat = Chat(town, town.boy(), [])
    chat.write("away", "sick", "2")
    return chat


def school(town: Town) -> Chat:
    """Ask about school and papers, and be called on another number."""
    chat = Chat(town, town.boy(), [])
    chat.write("school", "papers", "number", "1")
    return chat


def another_child(town: Town) -> Chat:
    """Write of another child who works."""
    chat = Chat(town, town.boy(), [])
    chat.write("other child")
    return chat


def what_is_kept(town: Town) -> Chat:
    """Ask who reads, what is kept, and to have it erased."""
    chat = Chat(town, town.boy(), [])
    chat.write("who reads", "1", "erase")
    return chat


def a_voice_note(town: Town) -> Chat:
    """Send a voice note."""
    chat = Chat(town, town.boy(), [])
    chat.speak()
    return chat


def two_on_one_phone(town: Town) -> Chat:
    """A child writes, then the mother comes in with her code, in her own language."""
    number, code = town.boy(language="fr" if town.language == "en" else "en"), town.mothers_code()
    chat = Chat(town, number, [])
    chat.write("hello", code, "1", "Mariam", "money")
    chat.lines = ["» [code]" if line == f"» {code}" else line for line in chat.lines]
    return chat


FLOWS: tuple[Callable[[Town], Chat], ...] = (
    first_contact,
    a_stranger,
    another_language,
    news,
    danger,
    hearing,
    nine,
    money,
    training,
    not_understood,
    a_person,
    about_staff,
    leaving,
    help_of_the_programme,
    a_visit,
    away,
    school,
    another_child,
    what_is_kept,
    a_voice_note,
    two_on_one_phone,
)


def page_path(language: str) -> Path:
    """Return where the chats of a language are kept."""
    return FOLDER / f"{language}.md"


def page(language: str, chats: list[tuple[Callable[[Town], Chat], Chat]]) -> str:
    """Return the chats of a language as a page."""
    name = load_languages(PROJECT / "locales")[language].name
    parts = [
        f"# {name} ({language}): the conversations\n",
        "Written by `python -m tests.conversations` from phones through the real door; do not\n"
        "edit. `»` is the person, `«` the assistant, `⟦ ⟧` a choice, `🔊` a voice that is sent,\n"
        "`🎤` one that comes. A draft has in brackets what stands in for it; what has no\n"
        "translation is in that language alone. To correct a sentence:\n"
        "[translating](../translating.md).\n",
    ]
    for flow, chat in chats:
        title = (flow.__doc__ or "").strip().rstrip(".")
        parts.append(f"## {title}\n```\n" + "\n".join(chat.lines) + "\n```\n")
    return "\n".join(parts)
