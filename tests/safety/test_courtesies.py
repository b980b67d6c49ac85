"""What is said for politeness is no part of what a message says."""

import pytest

from bot.safety.courtesies import said


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Bonjour madame,\nje saigne. merci 🙏🙏", "je saigne ."),
        ("bonsoir la famille, svp my baby is hot, que Dieu vous bénisse 🙏", "my baby is hot"),
        ("bsr tantie svp aidez moi merci tantie", "aidez moi"),
        ("bjr, svp aidez moi", "aidez moi"),
        ("slt cc il est à la porte mrc bcp !!", "il est a la porte"),
        ("Good morning. please, pls help me, thanks a lot. God bless you", "help me"),
        ("merci. je saigne", "je saigne"),
        ("Bonjour, comment allez-vous ? je saigne", "je saigne"),
        ("bonjour tata 😊 je saigne svp tonton", "je saigne"),
        ("Bonsoir ça va ? je saigne", "je saigne"),
        (
            "my sister good morning please I am bleeding, thanks so much big brother",
            "i am bleeding",
        ),
        # What asks, pleads or takes leave stays.
        ("merci de venir vite", "merci de venir vite"),
        ("merci pour tout, adieu", "merci pour tout , adieu"),
        ("il veut tuer tout le monde pardon", "il veut tuer tout le monde pardon"),
        ("je lui dis bonjour et il me frappe", "je lui dis bonjour et il me frappe"),
        ("bonjour tonton me frappe", "tonton me frappe"),
        ("bonsoir la famille va bien", "la famille va bien"),
        ("bonsoir ça va pas", "ca va pas"),
        ("bonjour, ça va, je travaille", "ca va , je travaille"),
        ("how are you treating him", "how are you treating him"),
        ("hello madam beats me", "madam beats me"),
        ("he beats me every morning", "he beats me every morning"),
        ("Morning! I am bleeding", "i am bleeding"),
        ("au tribunal on dit quoi ?", "au tribunal on dit quoi ?"),
        # Whoever stands behind a plea, or before a greeting, may be whom it is about.
        ("on a enlevé s'il vous plaît mon frère", "on a enleve s il vous plait mon frere"),
        ("they have taken i beg you my brother", "they have taken i beg you my brother"),
        ("svp ma fille, on l'a enlevée", "ma fille , on l a enlevee"),
        ("il a enlevé mon fils bonsoir", "il a enleve mon fils"),
        ("venez au nom de Dieu", "venez au nom de dieu"),
        ("il a tué la famille", "il a tue la famille"),
        # Courtesies alone are what is said.
        ("bonjour, merci", "bonjour , merci"),
        ("🙏 thank you", "🙏 thank you"),
        ("slt tonton 🙏", "salut tonton 🙏"),
        ("good morning my people", "good morning my people"),
        ("", ""),
        ("😭😭", "😭 😭"),
    ],
)
def test_only_what_stands_around_is_left_out(typed, expected):
    assert said(typed) == expected
