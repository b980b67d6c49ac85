"""Which language a message is written in, by words that are sure signs of one.

French and English are known by their small words and the SMS spellings of these; the four others
by the few words for which there is a source (checked by no native speaker yet). Where no language
has more signs than all others the answer is None: so it is for most messages of one or two words.
"""

from __future__ import annotations

import re

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
    "dyu": _signs("awɔ ayi dɛmɛ wari baara kɔngɔ kɛnɛ siranna"),
    "bci": _signs("anyin wuka juman sandiman suklu kpa kula tchɛtchɛ"),
    "ak": _signs("maakye aane daabi medaase ɔkɔm adwuma sukuu mesuro"),
    "mos": _signs("yibeoogo ligdi tʋʋmde karendoogo bãada maam laafi barka"),
}


def identify_language(text: str) -> str | None:
    """Return the code of the language with the most signs in ``text``; None where unsure."""
    words = _WORD.findall(text.casefold().replace("’", "'"))
    counts = {code: sum(word in signs for word in words) for code, signs in _SIGNS.items()}
    most = max(counts.values())
    best = [code for code, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None
