"""Each rule about words finds what it is there for, and leaves what is right alone."""

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.registry import LIMITS
from bot.delivery.proofreading import Proofreader
from bot.i18n.lints import (
    Problem,
    Rules,
    labels_of,
    lacks_vous,
    problem_words,
    source_problems,
    translation_problems,
)
from bot.i18n.wording import load_wording
from bot.settings import PROJECT

RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_ask": [{"text": "?", "buttons": [{"title": "Oui"}, {"title": "Non"}]}],
    "utter_label_more": [{"text": "Autre chose"}],
}
RULES = Rules(
    room=lambda count: 20 if count <= 3 else 24,
    betrays=lambda text: [w for w in ("police", "danger") if w in text.lower()],
    labels=labels_of(RESPONSES),
)


def _french(text, context="utter_any"):
    return [problem.code for problem in source_problems(context, text, RULES)]


def _in(language, text, source="Bonjour.", context="utter_any", fallback=None):
    found = translation_problems(context, source, text, language, RULES, fallback=fallback)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C'est une dépression.", "diagnoses"),
        ("Tu as sûrement le palu.", "diagnoses"),
        ("Prends un comprimé ce soir.", "prescribes"),
        ("C'est interdit par la loi.", "judges the law"),
        ("On va te sauver.", "promises rescue"),
        ("Tout ira bien.", "promises rescue"),
        ("Tu seras payé vendredi.", "promises payment"),
        ("L'argent arrive demain.", "promises payment"),
        ("Tu auras ton argent demain.", "promises payment"),
        ("Votre argent sera là vendredi.", "promises payment"),
        ("Tu vas guérir.", "diagnoses"),
        ("Ton patron n'a pas le droit.", "judges the law"),
        ("On te protège.", "promises rescue"),
        ("Personne d'autre ne lira.", "promises secrecy"),
        ("Ça reste entre nous.", "promises secrecy"),
        ("C'est secret.", "promises secrecy"),
        ("C'est effacé.", "says that it is erased"),
        ("Va à la police.", "betrays"),
        ("Tu es content ?", "gender"),
        ("{worker} est arrivée.", "gender"),
        ("Tu as été bien accueilli.", "gender"),
        ("Tu seras le bienvenu.", "gender"),
        ("Tu es venu hier.", "gender"),
        ("Vous êtes sûre ?", "gender"),
        ("Tu t'es trompé ?", "gender"),
        ("Es-tu prêt ?", "gender"),
        ("Tu n'as pas été choisi.", "gender"),
        ("Tu peux être fier de toi.", "gender"),
        ("Tu vas être appelé demain.", "gender"),
        ("Merci d'être venue.", "gender"),
        ("{worker} est absent.", "gender"),
        ("Bonjour à tous.", "gender"),
        ("Inscrit(e) ?", "gender"),
        ("Il/elle répond.", "gender"),
        ("Cher ami, bonjour.", "gender"),
        ("Reste prudent.", "gender"),
        ("Sois fort.", "gender"),
        ("Demande à ta travailleuse sociale.", "gender"),
        ("Ton éducateur le sait.", "gender"),
        ("Parle avec un ami.", "gender"),
        ("La conseillère répond.", "gender"),
        ("C'est pour le bénéficiaire.", "gender"),
        ("Un jeune de l'atelier.", "gender"),
        ("Tu es apprentie ?", "gender"),
        ("Je demande à {worker}. Elle répond demain.", "gender"),
        ("Ton message est chez {worker} : il est là jusqu'à 17 h.", "gender"),
        ("{worker} ne peut pas jeudi. Quand est-ce qu'elle vient ?", "gender"),
        ("Ton message est lu. Il te répond demain.", "gender"),
        ("S'il ne répond pas : tape 8.", "gender"),
        (" Bonjour.", "spaces"),
        ("Bonjour\u00a0!", "no-break spaces"),
        ("a\nb\nc\nd\ne", "lines"),
        ("Oui. " * 90 + "Oui.", "too long"),
        ("Tu peux écrire. Votre message est lu.", "address"),
        ("Écris ici, et attendez.", "address"),
    ],
)
def test_what_french_must_not_say(text, code):
    assert code in _french(text)


@pytest.mark.parametrize("context", ["utter_any|vous", "utter_ask|button", "utter_label_more"])
@pytest.mark.parametrize("text", ["Écris ici", "C'est à toi", "Ne va pas"])
def test_what_is_said_to_everybody_or_to_vous_never_says_tu(context, text):
    if context != "utter_label_more":
        assert "address" in _french(text, context)


@pytest.mark.parametrize(
    "text",
    [
        "Tu peux écrire quand tu veux.",
        "Merci de ton message. Ce n'est pas ta faute.",
        "En danger : tape 9.",
        "La loi oblige à garder certaines choses.",
        "Bienvenue, {first_name}.",
        "Une personne est là.",
        "Ton message est déjà transmis.",
        "Un rendez-vous chez {worker} ?",
        "Tu as assez dormi ?",
        "Tu es ici ? Tu es unique ? Tu es qui ?",
        "Ton message a été lu, et peut être relu.",
        "Une personne peut t'aider à effacer.",
        "Personne ne doit te demander de l'argent.",
        "Les jeunes et les bénéficiaires, et un ou une de l'équipe.",
        "Il est {now}. Il y a une réponse de {worker}. Il faut attendre, s'il en reste.",
        "J'ai prévenu la personne de garde. Si elle ne répond pas, je préviens l'équipe.",
        "Une équipe lit les messages. Elle répond.",
        "C'est bien ce montant ? Il est écrit.",
        "Des aides sont possibles. Elles sont écrites.",
        "Ce que l'équipe a reçu reste chez elle.",
    ],
)
def test_what_french_may_say(text):
    assert _french(text) == []


def test_a_long_sentence_and_a_hard_message_are_found_and_an_easy_one_is_not():
    assert _french("Tu peux " + "voir " * 15 + "ici.") == ["sentence too long"]
    hard = (
        "Votre inscription administrative nécessite obligatoirement plusieurs documents officiels"
    )
    assert "hard to read" in _french(f"{hard} très supplémentaires.", "utter_any|vous")
    assert "hard to read" not in _french("Réclamation")
    assert _french("Tu peux lire. Puis tu dors. Puis tu manges. Puis tu pars.") == []


@pytest.mark.parametrize(
    ("text", "source", "code"),
    [
        ("Hello {x}.", "Bonjour {worker}.", "placeholders"),
        ("Hello.", "Bonjour {worker}.", "placeholders"),
        ("{worker.name}", "{worker}", "placeholders"),
        ("{worker!r}", "{worker}", "placeholders"),
        ("{worker} {", "{worker}", "braces"),
        ("Type 8.", "Tape 9.", "digits"),
        ("Danger.", "Danger : 9.", "digits"),
        ("one\ntwo", "un", "lines"),
        ("Go to the police.", "Va là-bas.", "betrays"),
        ("He answers.", "Une personne répond.", "gender"),
        ("You will be paid.", "C'est noté.", "promises payment"),
        ("It was deleted.", "C'est noté.", "says that it is erased"),
        ("Take one pill.", "C'est noté.", "prescribes"),
    ],
)
def test_what_a_translation_must_not_do(text, source, code):
    assert code in _in("en", text, source)


def test_a_translation_may_say_what_its_source_says():
    assert _in("en", "Tell the police: type 9, {worker}.", "La police : tape 9, {worker}.") == []


def test_words_of_pages_must_keep_their_placeholders_and_nothing_else():
    assert _in("en", "Page of {hours:02d}", "Page de {hours:02d}", context="") == []
    assert _in("en", "Page", "Page de %(clock)s", context="") == ["placeholders"]
    assert _in("en", "Police, 9\nmore", "Autre", context="") == []


def test_words_of_pages_have_no_gender_and_do_not_mix_tu_and_vous():
    assert _french("Vous êtes inscrite.", "") == ["gender"]
    assert _french("Travailleur(euse)", "") == ["gender"]
    assert _french("Une conseillère", "") == _french("Elle vous répond.", "") == ["gender"]
    assert _french("Le code est pour {name}. Elle l'écrit.", "") == ["gender"]
    # What stands before it on the page is not known here.
    assert _french("Il marche une fois. Elle ne porte pas de nom.", "") == []
    assert _french("Dites ce mot de passe à {name}. Il se change.", "") == []
    assert _french("Une seule phrase, pour l'équipe seule.", "") == []
    assert _in("en", "He answers.", "Une réponse vient.", context="") == ["gender"]
    assert _french("Tu peux lire ce que vous écrivez.", "") == ["address"]
    assert _french("Écris ce code :", "") == _french("Écrivez ce code :", "") == []
    assert _french("Choisissez « tu » ou « vous ».", "") == []


@pytest.mark.parametrize("code", ["gender", "address", "hard to read", "promises payment"])
def test_whoever_broke_a_rule_reads_what_to_do(code):
    said = problem_words(Problem(code, "ces mots"), str)
    about, advice = said.rstrip(".").split(". ")
    assert "ces mots" in about
    assert advice


def test_a_title_fits_a_button_with_its_digit_and_a_draft_with_its_stand_in():
    long = "Une personne libre"  # 18 characters
    for context in ("utter_ask|button", "utter_label_more"):
        assert _french(long, context) == []
        assert _french(long + "s", context) == ["title too long"]
        assert _in("dyu", "mɔgɔ", long, context) == []
        assert _in("dyu", "mɔgɔ", long, context, fallback=long) == ["title too long"]
        assert _in("dyu", "awɔ", "Oui", context, fallback="Oui") == []


@pytest.mark.parametrize("channel", LIMITS)
def test_titles_are_read_against_the_limit_of_each_channel(channel):
    tight = {**LIMITS, channel: replace(LIMITS[channel], button_title=9)}
    rules = Proofreader(load_wording(PROJECT), tight.values())
    assert rules.read("utter_menu|button", "Mes nouvelles", "my news", "en", draft=False) == []
    found = rules.read("utter_menu|button", "Mes nouvelles", "my news!", "en", draft=False)
    assert list(map(str, found)) == ["title too long: 7"]


def test_a_response_that_says_tu_needs_a_form_for_vous():
    assert lacks_vous("Écris ici.", has_vous=False)
    assert not lacks_vous("Écris ici.", has_vous=True)
    assert not lacks_vous("C'est noté.", has_vous=False)
