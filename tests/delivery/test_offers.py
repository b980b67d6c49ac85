"""What a typed message means before anyone understands it."""

import pytest

from bot.delivery import offers

OFFER = [
    {"key": "1", "title": "Bien reçu", "payload": '/answer_payment{"payment_id": 4}'},
    {"key": "2", "title": "Pas reçu", "payload": "/deny"},
    {"key": "3", "title": "Pas le bon montant", "payload": '/wrong_amount{"payment_id": 4}'},
]
FACES = [{"key": "5", "title": "😀", "payload": "5"}, {"key": "1", "title": "😢", "payload": "1"}]


@pytest.mark.parametrize("text", ["2", " 2 ", "2.", "2️⃣", "pas recu", "Pas reçu !", "2 pas reçu"])
def test_a_digit_a_title_or_both_choose(text):
    assert offers.typed_choice(text, OFFER) == offers.Typed("/deny")


def test_words_behind_the_digit_go_along_as_a_detail():
    typed = offers.typed_choice("3 on a donné 20000", OFFER)
    assert typed is not None
    assert typed.words == "on a donné 20000"
    payload = offers.with_words(typed.payload, "3 on a donné 20000")
    assert payload == '/wrong_amount{"payment_id": 4, "detail": "on a donné 20000"}'
    assert "20000" not in repr(typed)


def test_a_digit_with_the_title_of_another_choice_behind_it_chooses_nothing():
    assert offers.typed_choice("1 non, pas reçu", OFFER) is None


def test_the_digit_of_a_face_is_its_score_not_its_place():
    assert offers.typed_choice("1", FACES) == offers.Typed("1")


@pytest.mark.parametrize("text", ["4", "oui", "je veux parler", "20000", "", "👍"])
def test_anything_else_chooses_nothing(text):
    assert offers.typed_choice(text, OFFER) is None


def test_without_an_offer_a_digit_means_nothing_but_the_reserved_ones_always_do():
    assert offers.typed_choice("1", None) is None
    assert offers.typed_choice("8", None) == offers.Typed("/talk_to_human")
    assert offers.typed_choice("7", OFFER) == offers.Typed("/change_language")


@pytest.mark.parametrize("text", ["X", "x ", "Quitter", "quitter!"])
def test_quick_exit_is_the_whole_message(text):
    assert offers.is_quick_exit(text)
    assert not offers.is_quick_exit(f"{text} le garage")


@pytest.mark.parametrize("text", ["STOP", "stop.", "Arrêt"])
def test_stop_is_the_whole_message(text):
    assert offers.is_stop(text)
    assert not offers.is_stop(f"{text} il faut que ça {text}e")


@pytest.mark.parametrize("text", ["non c rien laisse", "C'est rien", "laisse tomber", "forget it"])
def test_a_cry_for_help_taken_back_is_recognised(text):
    assert offers.is_taken_back(text)


def test_nine_is_recognised_alone_only():
    assert offers.is_danger_digit("9")
    assert offers.is_danger_digit("9️⃣")
    assert not offers.is_danger_digit("9 h")
