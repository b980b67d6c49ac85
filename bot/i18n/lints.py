"""What a sentence must be before a person reads it, told of any language as far as that goes.

The same rules hold in the tests, on the command line and where a reviewer saves a sentence in the
console. Safeguarding 8 and 12 stand behind most of them; what a locked screen must not show is
known to ``bot.safety.discretion``, what a channel can show to ``bot.channels``: both are handed in
as ``Rules``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.i18n.readability import lix, longest_sentence, words
from bot.i18n.wording import VOUS, shown_draft

LONGEST_TEXT, MOST_LINES = 400, 4
# Of a message of the chat; today's longest sentence and hardest message are just below.
MOST_WORDS_IN_A_SENTENCE = 16
HARDEST = 40.0  # LIX: "easy" ends here
# LIX says nothing of a few words: one long one alone makes 101.
FEWEST_WORDS_FOR_LIX = 10

BUTTON, LABEL = "|button", "utter_label_"
# To staff, who may read more.
_TO_STAFF = ("utter_staff_", "utter_label_severity_", "utter_label_alert_", "utter_label_wait_")
# Never first in a message: what stands before them is checked with the crisis reply.
_LATER_LINES = {"utter_crisis_tell_police", "utter_crisis_number_none"}
# « En danger : tape 9 » must be said.
_MAY_BE_NAMED = {"danger"}

_PLACEHOLDER = re.compile(r"\{\w+[^{}]*\}|%\(\w+\)s")
_RESERVED = re.compile(r"\b[789X]\b")
_NO_BREAK = re.compile("[\u00a0\u202f]")

_TU_WORDS = re.compile(r"\b(?:tu|te|toi|ton|ta|tes|t'\w+)\b", re.IGNORECASE)
# At the beginning of a sentence or of a part of it; elsewhere it is "une demande", "elle regarde".
_TU_IMPERATIVE = re.compile(
    r"(?:^|[.:,?!] |\n|\bou |\bet )"
    r"(?:[ÉEée]cris|[Ee]nvoie|[Cc]hoisis|[Tt]ape|[Rr]etiens|[Dd]is|[Vv]a|[Rr]este|[Dd]emande|"
    r"[Rr]egarde|[Aa]ppuie|[Nn]e va|[Nn]'attends)\b"
)
_VOUS_WORDS = re.compile(
    r"(?<!rendez-)\bvous\b|\b(?:votre|vos)\b"
    r"|(?:^|[.:,?!] |\n|\bou |\bet )(?:n'|ne )?(?!rendez-)[a-zéè]+ez\b(?<!\bchez)(?<!\bassez)",
    re.IGNORECASE,
)

# Adjectives and participles that are spelt, or said, one way for men and another for women.
_AGREEING = (
    r"(?:désolée?|contente?|heureu(?:x|se)|prête?|seule?|inscrite?|inquiète?|rassurée?|"
    r"fatiguée?|blessée?|enceinte|invitée?|attendue?|accueillie?|acceptée?|admise?|obligée?|"
    r"formée?|aidée?|protégée?|perdue?|forte?|courageu(?:x|se)|bienvenue?|sûre?|fi(?:er|ère)|"
    r"absente?|présente?|"
    # What else ends like a participle or an adjective, but for words that never agree.
    r"(?!(?:aussi|ici|jamais|là-dessus|lui|parmi|plus|qui)\b)"
    r"\w+(?:ée?s?|ie?s?|(?<!q)ue?s?|ise?|ite?|eux|euse|if|ive|el|elle))"
)
_BE = r"(?:es|êtes|suis|est|étais|étiez|était|seras|serez|sera|(?:as|avez|a) (?:pas |déjà )?été)"
_VERY = r"(?:pas |déjà |bien |très |plus |trop |peut-être )*"
_GENDERED = {
    "fr": re.compile(
        r"\w\((?:e|ne|se|trice|euse)\)|\w·e|\b(?:il/elle|elle/il|celui-ci/celle-ci)\b"
        rf"|(?:\b(?:tu|vous|je)|\bj'|\}}) ?(?:ne |n'|me |m'|te |t'|vous |s')*{_BE} {_VERY}"
        rf"{_AGREEING}\b"
        rf"|\b(?:(?:es|seras)-tu|(?:êtes|serez)-vous|as-tu été|avez-vous été) {_VERY}{_AGREEING}\b"
        # Of things « être lu » may be said: of a person where a verb with its subject is before it.
        r"|\b(?:tu|vous) (?:n')?(?:vas|allez|peux|pouvez|dois|devez|veux|voulez) (?:pas )?être "
        rf"{_VERY}{_AGREEING}\b|\bmerci d'être {_VERY}{_AGREEING}\b"
        rf"|\b(?:reste|restez|sois|soyez) {_VERY}"
        r"(?:courageu(?:x|se)|forte?|prudente?|patiente?|seule?)\b"
        r"|\bbonjour à (?:tous|toutes)\b"
        # "Bienvenue" alone greets everybody.
        r"|\b(?:sois|soyez|seras|serez|est|es|êtes) (?:le |la )?bienvenue?s?\b"
        r"|\b(?:cher|chère|monsieur|madame|mademoiselle)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:he|she|him|her|his|hers|himself|herself|he/she|boy|girl|sir|madam|ma'am)\b",
        re.IGNORECASE,
    ),
}
# Who is a person followed or a worker, where the word or what stands before it tells a gender: all
# of « une conseillère », « le bénéficiaire », « cher ami »; « les jeunes » and « la personne » tell
# none. Other people (« ton patron », « un voisin ») are not looked for.
_PERSONS = re.compile(
    r"\b(?:(?:travaill|coiff|vend|brod)eu(?:r|se)s?"
    r"|(?:éduca|forma|anima|direc|administra|tu|traduc|utilisa|média)t(?:eur|rice)s?"
    r"|(?:conseill|infirmi|coutur|jardini|cuisini|polici|épici)(?:er|ère)s?"
    r"|(?:mécanicien|gardien)(?:ne)?s?|superviseure?s?|intervenante?s?|assistante?s? sociale?s?"
    r"|étudiante?s?|apprentie?s?|employée?s?|orpheline?s?|amie?s?|garçons?|filles?"
    r"|(?:une?|le|la|du|au|ce|cet|cette|ma|ta|sa|quelle?|chère?) (?:jeune )?"
    r"(?:bénéficiaire|jeune|élève|collègue|responsable|stagiaire|spécialiste|bénévole|interprète"
    r"|camarade|volontaire))\b",
    re.IGNORECASE,
)
# « il » and « elle » but for « il y a », « il est 22 h » and their like, which mean nobody.
_PRONOUN = re.compile(
    r"\b(?:(?P<il>s'il|qu'il|il)(?! (?:n')?(?:y|en) )"
    r"(?! (?:ne |n'|me |te |vous )*(?:faut|faudra|manque|reste|suffit|vaut mieux|s'agit|est \{))"
    r"|(?:s'|qu')?elle)\b(?P<does> (?:ne |n')?(?:te |t'|vous |me |m'|lui )?"
    r"(?:répond|écri[tv]|écrira|r?appell|li(?:t|ra)\b|sait|saura|écout|travaill|reçoi|recev)\w*)?",
    re.IGNORECASE,
)
# What it may stand for, before it: a thing, or somebody of whom the word tells no gender.
_A_THING = {
    "il": re.compile(r"\b(?:le|un|ce|cet|du|au|mon|ton|son|votre|aucun)\b|\bl'", re.IGNORECASE),
    "elle": re.compile(r"\b(?:la|une|cette|ma|ta|sa|votre|aucune)\b|\bl'", re.IGNORECASE),
}
_WHO_SPEAKS = {
    "il": re.compile(r"\b(?:programme|adulte|enfant|parent|centre)\b", re.IGNORECASE),
    "elle": re.compile(r"\b(?:personne|équipe|famille|structure|voix)\b", re.IGNORECASE),
}
_NAME = re.compile(r"(?:\{|%\()(?:worker|name|first_name|whom?|person|member)\b")
# Without a verb, as in « Désolée. ». Pages also speak of things: « une seule phrase ».
_GENDERED_ALONE = re.compile(
    r"\b(?:désolée?|contente?|seule?|inscrite?|inquiète?|rassurée?)\b", re.IGNORECASE
)
# A page names words of others: « Je comprends ».
_QUOTED = re.compile("« [^»]* »")

# Safeguarding 8. Of each: what it would say, in French and in English.
_FORBIDDEN: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "diagnoses": {
        "fr": re.compile(
            r"\b(?:c'est|tu as|vous avez) (?:sûrement |peut-être )?(?:un |une |le |la |l')?"
            r"(?:palu\w*|dépression|anxiété|infection|fracture|maladie|traumatisme|grossesse|sida)"
            r"|\b(?:dépressi\w+|traumatis\w+|malade mental\w*|guérir\w*)\b",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:it is|it's|you have) (?:probably |maybe )?(?:an? |the )?(?:malaria|depression|"
            r"anxiety|infection|fracture|disease|trauma\w*|aids)|\b(?:depress|traumati)\w+\b",
            re.IGNORECASE,
        ),
    },
    "prescribes": {
        "fr": re.compile(
            r"\b(?:prends|prenez|avale|avalez|bois|buvez) (?!contact|soin|ton temps|votre temps)"
            r"|\b(?:comprimés?|cachets?|paracétamol|antibiotiques?|doses?|ordonnance|médicaments?)\b",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:take|swallow|drink) (?:an?|the|one|two|some) |\b(?:pills?|tablets?|paracetamol|"
            r"antibiotics?|doses?|prescription|medicines?)\b",
            re.IGNORECASE,
        ),
    },
    "judges the law": {
        "fr": re.compile(
            r"\b(?:illégal\w*|interdit\w* par la loi|contre la loi|crimes?|délits?|coupables?|"
            r"(?:tu as|vous avez|n'a pas|n'ont pas) le droit|port(?:e|ez|er) plainte|"
            r"hors la loi)\b",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:illegal\w*|against the law|forbidden by law|crimes?|guilty|your right to|"
            r"you have the right|press charges)\b",
            re.IGNORECASE,
        ),
    },
    "promises rescue": {
        "fr": re.compile(
            r"\b(?:sauver|délivrer|libérer|en sécurité maintenant|viendr(?:a|ont|ons) te chercher|"
            r"(?:vient|viennent|vais|va|allons) (?:te|vous) (?:chercher|sortir)|"
            r"tout (?:va|ira) (?:bien )?s'arranger|tout ira bien|"
            r"(?:on|je|nous) (?:te|vous) protèg\w+)\b",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:rescue\w*|save you|free you|come(?:s|ing)? (?:to )?(?:get|for) you|"
            r"you are safe|you will be safe|it will be all right|everything will be)\b",
            re.IGNORECASE,
        ),
    },
    "promises payment": {
        "fr": re.compile(
            r"\b(?:(?:tu|vous) (?:seras|serez|vas être|allez être) payée?s?|"
            r"(?:tu|vous) (?:recevras|recevrez|vas recevoir|allez recevoir|toucheras|toucherez)|"
            r"(?:tu auras|vous aurez) (?:(?:l'|de l')|(?:ton|votre) )argent|"
            r"(?:l'|ton |votre )argent (?:arrive|arrivera|viendra|va arriver|va venir|sera)|"
            r"(?:je|on) (?:te |vous )?promet\w*|"
            r"c'est promis|c'est sûr)\b",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:you will (?:be paid|get|receive)|the money (?:will|is going to) (?:come|arrive)|"
            r"(?:i|we) promise|for sure)\b",
            re.IGNORECASE,
        ),
    },
    "promises secrecy": {
        "fr": re.compile(
            r"\b(?:secrets?|confidentiel\w*|anonym\w*|entre nous|"
            r"personne (?:d'autre )?ne (?:les? )?(?:saura|lit|lira|verra)|"
            r"(?:ne|n')\w* (?:le )?dir\w+ (?:rien )?à personne)\b",
            re.IGNORECASE,
        ),
        "en": re.compile(
            r"\b(?:secrets?|confidential\w*|anonymous\w*|between us|nobody will (?:ever )?know|"
            r"(?:will|won't|shall) (?:not )?tell (?:anybody|anyone|nobody|no one))\b",
            re.IGNORECASE,
        ),
    },
    "says that it is erased": {
        "fr": re.compile(r"\b(?:effacée?s?|supprimée?s?)\b", re.IGNORECASE),
        "en": re.compile(r"\b(?:erased|deleted|wiped)\b", re.IGNORECASE),
    },
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a sentence: a code of ``bot.i18n.lints``, and where it shows."""

    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


def problem_words(problem: Problem, _: Callable[[str], str]) -> str:
    """Say what is wrong with a translation, to somebody who is no programmer."""
    words = {
        "placeholders": _("Gardez exactement, et rien d’autre entre accolades : {what}"),
        "braces": _("Une accolade de trop."),
        "digits": _("Gardez ces chiffres et ces lettres : {what}"),
        "lines": _("Il faut autant de lignes que le français : {what}"),
        "too long": _("Trop long : {what} signes au plus."),
        "title too long": _(
            "Trop long pour un bouton : {what} signes au plus, pour tous les canaux. Un brouillon "
            "y montre aussi le mot qui le remplace."
        ),
        "betrays": _("« {what} » peut se lire sur un écran verrouillé. Dites-le autrement."),
        "gender": _(
            "« {what} » change selon qu’on parle d’une femme ou d’un homme. Dites-le autrement."
        ),
        "spaces": _("Il y a une espace de trop au bord."),
        "no-break spaces": _("Tapez des espaces ordinaires."),
        "address": _(
            "« {what} » mêle « tu » et « vous », ou parle à la personne sur un bouton. Gardez une "
            "seule forme, et aucune sur un bouton."
        ),
        "no vous form": _("Il manque la forme pour « vous » (dans domain.yml)."),
        "no fall-back language": _(
            "Il manque une langue de remplacement (fallback, dans locales/languages.yml)."
        ),
        "sentence too long": _("Une phrase a trop de mots : {what}. Faites-en deux."),
        "hard to read": _("Difficile à lire : {what}. Prenez des mots et des phrases plus courts."),
    }
    other = _(
        "« {what} » : ni diagnostic, ni remède, ni loi, ni promesse, ni secret, ni « effacé ». "
        "Dites-le autrement."
    )
    return words.get(problem.code, other).format(what=problem.detail)


@dataclass(frozen=True)
class Rules:
    """What other rooms know.

    Attributes:
        room: how long a label (digit and title) may be where so many choices stand together,
            None for any length: the strictest channel's.
        betrays: the words of a text that must not stand on a locked screen.
        labels: of each message context of choices, how many stand together and the longest key.
    """

    room: Callable[[int], int | None]
    betrays: Callable[[str], list[str]]
    labels: Mapping[str, tuple[int, int]]


# Choices that actions make: three at most, with one digit.
_MADE_BY_ACTIONS = (3, 1)


def labels_of(responses: Mapping[str, list[dict[str, Any]]]) -> dict[str, tuple[int, int]]:
    """Return the contexts of choices with how many stand together and their longest key."""
    labels = {}
    for name, variants in responses.items():
        buttons = variants[0].get("buttons", ())
        keys = [str(button.get("key", place)) for place, button in enumerate(buttons, start=1)]
        if buttons:
            labels[f"{name}{BUTTON}"] = (len(buttons), max(map(len, keys)))
        if name.startswith(LABEL):
            labels[name] = _MADE_BY_ACTIONS
    return labels


def source_problems(context: str, source: str, rules: Rules) -> Iterator[Problem]:
    """Yield what is wrong with a French sentence; words of pages have no context."""
    yield from _format_problems(source)
    yield from _gender_problems(context, source, "fr")
    if not context:
        plain = _QUOTED.sub("", source)
        if _said_to_vous(plain) and (said := _said_to_tu(plain)):
            yield Problem("address", said)
        return
    yield from _text_problems(context, source, "fr", rules)
    name = context.partition("|")[0]
    if name not in _LATER_LINES:
        for word in sorted(set(rules.betrays(source)) - _MAY_BE_NAMED):
            yield Problem("betrays", word)
    if context in rules.labels:
        yield from _title_problems(context, source, rules)
        for said in (_said_to_tu(source), _said_to_vous(source)):
            if said and context.endswith(BUTTON):
                yield Problem("address", said)
    elif context.endswith(f"|{VOUS}"):
        if said := _said_to_tu(source):
            yield Problem("address", said)
    elif not name.startswith(_TO_STAFF) and (said := _said_to_vous(source)):
        yield Problem("address", said)
    if not name.startswith(_TO_STAFF):
        yield from _reading_problems(source)


def lacks_vous(source: str, has_vous: bool) -> bool:
    """Tell whether a response says tu and has no form for those we call vous."""
    return not has_vous and _said_to_tu(source) is not None


def translation_problems(
    context: str,
    source: str,
    text: str,
    language: str,
    rules: Rules,
    *,
    fallback: str | None = None,
) -> Iterator[Problem]:
    """Yield what is wrong with a translation.

    Args:
        fallback: what is shown beside ``text`` as long as it is a draft; None for a signed one.
    """
    yield from _format_problems(text)
    wanted, found = sorted(_PLACEHOLDER.findall(source)), sorted(_PLACEHOLDER.findall(text))
    if wanted != found:
        yield Problem("placeholders", " ".join(wanted))
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        yield Problem("braces")
    yield from _gender_problems(context, text, language)
    if not context:
        return
    digits = sorted(_RESERVED.findall(source))
    if digits != sorted(_RESERVED.findall(text)):
        yield Problem("digits", " ".join(digits))
    if text.count("\n") != source.count("\n"):
        yield Problem("lines", str(source.count("\n") + 1))
    for word in sorted(set(rules.betrays(text)) - set(rules.betrays(source))):
        yield Problem("betrays", word)
    yield from _text_problems(context, text, language, rules)
    if context in rules.labels:
        shown = text if fallback is None else shown_draft(text, fallback)
        yield from _title_problems(context, shown, rules)


def _format_problems(text: str) -> Iterator[Problem]:
    if text != text.strip():
        yield Problem("spaces")
    if _NO_BREAK.search(text):
        yield Problem("no-break spaces")


def _gender_problems(context: str, text: str, language: str) -> Iterator[Problem]:
    gendered = _GENDERED.get(language)
    found = gendered.search(text) if gendered else None
    if found is None and language == "fr":
        found = _PERSONS.search(text) or _pronoun_of_a_person(text, whole=bool(context))
        if found is None and context:
            found = _GENDERED_ALONE.search(text)
    if found:
        yield Problem("gender", found.group())


def _pronoun_of_a_person(text: str, *, whole: bool) -> re.Match[str] | None:
    """Find « il » or « elle » that stands for a person, as far as the words around it tell.

    Args:
        whole: the text is all that is read; on a page, what a pronoun stands for may be elsewhere.
    """
    for found in _PRONOUN.finditer(text):
        said = "il" if found["il"] else "elle"
        before = text[: found.start()].replace("’", "'")
        named = max((name.end() for name in _NAME.finditer(before)), default=0)
        if _WHO_SPEAKS[said].search(before, named):
            continue
        nothing = not _A_THING[said].search(before, named if whole else 0)
        if found["does"] or ((whole or named) and nothing):
            return found
    return None


def _text_problems(context: str, text: str, language: str, rules: Rules) -> Iterator[Problem]:
    if len(text) > LONGEST_TEXT:
        yield Problem("too long", str(LONGEST_TEXT))
    if len(text.splitlines()) > MOST_LINES:
        yield Problem("lines", str(MOST_LINES))
    for code, patterns in _FORBIDDEN.items():
        pattern = patterns.get(language)
        if pattern and (found := pattern.search(text)):
            yield Problem(code, found.group())


def _title_problems(context: str, title: str, rules: Rules) -> Iterator[Problem]:
    count, key = rules.labels[context]
    room = rules.room(count)
    # A placeholder of a title is a first name.
    if room is not None and key + 1 + len(title) > room:
        yield Problem("title too long", str(room - key - 1))


def _reading_problems(text: str) -> Iterator[Problem]:
    plain = _PLACEHOLDER.sub("x", text)
    longest = longest_sentence(plain)
    if longest > MOST_WORDS_IN_A_SENTENCE:
        yield Problem("sentence too long", f"{longest} > {MOST_WORDS_IN_A_SENTENCE}")
    if len(words(plain)) >= FEWEST_WORDS_FOR_LIX and (hard := lix(plain)) > HARDEST:
        yield Problem("hard to read", f"LIX {hard:.0f} > {HARDEST:.0f}")


def _said_to_tu(text: str) -> str | None:
    found = _TU_WORDS.search(text) or _TU_IMPERATIVE.search(text)
    return found.group() if found else None


def _said_to_vous(text: str) -> str | None:
    found = _VOUS_WORDS.search(text)
    return found.group() if found else None
