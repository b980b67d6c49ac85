"""Which language a message is written in: fr, en, dyu (Bambara too), bci, ak, mos, or None.

One or two words are told by sure signs alone: the small words of French and English and the SMS
spellings of these, and of the four others the few words for which there is a source (checked by no
native speaker yet). From three words on their letters decide (``letters.py``) where they are clear,
and where they are not, the signs, if both say the same.

It changes nobody's language: what a person has chosen stands, and ``surely_written_in`` says when
it is worth asking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from bot.i18n.letters import load_letters

_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_WORD = re.compile(r"\b(?:qu|[cdjlmnst])'|[^\W\d_]+(?:'[^\W\d_]+)*")


def _signs(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SIGNS = {
    "fr": _signs(
        "c' d' j' l' m' qu' s' t' je tu il elle nous vous ils elles mon ma mes ton ta tes son"
        " ses notre votre le la les un une des du de au aux et où est suis es sont ai avez ont"
        " était que qui quoi quand pour pas avec dans sur chez ce cette ça oui non merci bonjour"
        " bonsoir salut bjr bsr slt mrc chui jss koi pkoi kand keske argent lahen"
    ),
    "en": _signs(
        "i i'm i've you he she we they my your his her our their the an and or is am are was were"
        " be have has had do does did not don't can't it's no what who when where why how for with"
        " from this that it to of in at can want yes thanks hello hi please dey abeg money"
    ),
    "dyu": _signs("awɔ ayi dɛmɛ wari baara kɔngɔ kɛnɛ siranna tere"),
    "bci": _signs("awossi'n anyin wuka juman sandiman suklu kpa kula tchɛtchɛ"),
    "ak": _signs("maakye aane daabi medaase ɔkɔm adwuma sukuu mesuro"),
    "mos": _signs("yibeoogo ligdi tʋʋmde karendoogo bãada maam laafi barka"),
}


# From so many words on their letters are asked, and believed from so high a probability on; from
# the higher one on a person may be asked whether to go on in that language. Keys pressed at random
# have few runs of letters that any language has: 99 % of real pieces more than this share.
_ENOUGH_WORDS = 3
_CLEAR = 0.85
_SURE = 0.98
_KNOWN_SHARE = 0.6
# "y a gombo" has three words and tells little.
_ENOUGH_LETTERS = 8
# So many different small words of another language make it doubtful: one may be in both.
_MANY_SIGNS = 2
# From so many letters on, of which there are two only, it is a laugh.
_LAUGH = 4


def identify_language(text: str) -> str | None:
    """Return the code of the language of ``text``; None where unsure."""
    text = _as_compared(text)
    signed = _most_signs(_WORD.findall(text))
    words = _words(text)
    if len(words) < _ENOUGH_WORDS:
        return signed
    language, probability = _likeliest(words)
    return language if probability >= _CLEAR or language == signed else None


def surely_written_in(text: str, besides: str | None = None) -> str | None:
    """Return the language of a message that leaves no doubt, so that a person may be asked.

    None for less than three words, a mixture, or what looks like no language of ours.

    Args:
        besides: a language that need not be told from None; most messages are in it, and seen to
            be at a glance.
    """
    text = _as_compared(text)
    words = _words(text)
    if len(words) < _ENOUGH_WORDS or sum(map(len, words)) < _ENOUGH_LETTERS:
        return None
    signs = _count_signs(set(_WORD.findall(text)))
    possible = {code for code in signs if code != besides and not _is_doubtful(code, signs)}
    if not possible:
        return None
    language, probability = _likeliest(words)
    return language if language in possible and probability >= _SURE else None


def surely_written_in_none_of(languages: Collection[str], text: str) -> bool:
    """Tell whether a message is surely in a language other than some of ours.

    One or two words are told by a sure sign alone, a few short ones by one that their letters do
    not speak against: "i ni tere" is a greeting.
    """
    compared = _as_compared(text)
    words = _words(compared)
    if len(words) < _ENOUGH_WORDS:
        language = identify_language(text)
    elif sum(map(len, words)) < _ENOUGH_LETTERS:
        likeliest, _ = _likeliest(words)
        signs = _count_signs(_WORD.findall(compared))
        language = likeliest if likeliest and signs[likeliest] else None
    else:
        language = surely_written_in(text)
    return language not in (None, *languages)


def _is_doubtful(language: str, signs: Mapping[str, int]) -> bool:
    """Tell whether another language has so many signs that letters do not suffice.

    "le gnamakoudji du tonton" is French, however its longest word looks.
    """
    most = max(count for code, count in signs.items() if code != language)
    return most >= max(_MANY_SIGNS, signs[language] + 1)


def _as_compared(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().replace("’", "'")


def _words(text: str) -> list[str]:
    """Return the words that tell something: "hahaha" is laughed in every language."""
    words: list[str] = _LETTERS.findall(text)
    return [word for word in words if len(word) < _LAUGH or len(set(word)) > 2]


def _likeliest(words: Sequence[str]) -> tuple[str | None, float]:
    letters = load_letters()
    if letters.known_share(words) < _KNOWN_SHARE:
        return None, 0.0
    return max(letters.probabilities(words).items(), key=lambda guess: guess[1])


def _most_signs(words: Sequence[str]) -> str | None:
    counts = _count_signs(words)
    most = max(counts.values())
    best = [code for code, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _count_signs(words: Collection[str]) -> dict[str, int]:
    return {code: sum(word in signs for word in words) for code, signs in _SIGNS.items()}
