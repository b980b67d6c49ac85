"""One reply fitted to what each channel can show."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.base import Choice, Limits, Outbound, Rendered, label, render

ROOMY = Limits(text=1000, buttons=3, button_title=20, list_rows=10, list_title=24)


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(key), title, f"token-{key}") for key, title in enumerate(titles, 1))


def squeezed(text: str) -> str:
    """The text without white space, which a split may drop or change."""
    return "".join(text.split())


class TestChoices:
    def test_few_short_ones_are_buttons(self):
        shown = choices("Oui", "Non", "Je ne sais pas")

        assert render(Outbound("Ça va ?", shown), ROOMY) == [Rendered("Ça va ?", buttons=shown)]

    def test_the_key_counts_into_the_length_of_a_button(self):
        fits, too_long = "a" * 18, "a" * 19

        assert render(Outbound("?", choices(fits)), ROOMY)[0].buttons
        assert render(Outbound("?", choices(too_long)), ROOMY)[0].rows

    def test_more_are_a_list(self):
        shown = choices(*"abcd")

        assert render(Outbound("?", shown), ROOMY) == [Rendered("?", rows=shown)]

    def test_what_fits_no_list_is_numbered_text(self):
        shown = choices(*(f"réponse {number}" for number in range(1, 12)))

        (part,) = render(Outbound("Choisis :", shown), ROOMY)

        assert part.text.splitlines() == ["Choisis :", *(label(choice) for choice in shown)]
        assert (part.buttons, part.rows) == ((), ())

    def test_one_too_long_for_a_list_makes_all_of_them_text(self):
        (part,) = render(Outbound("?", choices("a" * 30, "b")), ROOMY)

        assert part == Rendered(f"?\n1 {'a' * 30}\n2 b")

    def test_a_channel_without_buttons_and_lists_shows_text(self):
        limits = Limits(text=1000, buttons=0, button_title=0)

        assert render(Outbound("?", choices("Oui", "Non")), limits) == [Rendered("?\n1 Oui\n2 Non")]

    def test_they_go_with_the_last_part(self):
        shown = choices("Oui", "Non")

        first, last = render(Outbound(f"{'a' * 900}\n\n{'b' * 900}", shown), ROOMY)

        assert first == Rendered("a" * 900)
        assert last == Rendered("b" * 900, buttons=shown)


class TestSplitting:
    def test_at_a_paragraph_before_a_line_before_a_word(self):
        limits = Limits(text=30, buttons=0, button_title=0)
        text = "un deux\ntrois\n\nquatre cinq\nsix sept huit neuf dix onze"

        assert [part.text for part in render(Outbound(text), limits)] == [
            "un deux\ntrois",
            "quatre cinq",
            "six sept huit neuf dix onze",
        ]

    def test_a_word_longer_than_the_limit_is_cut_as_a_last_resort(self):
        limits = Limits(text=4, buttons=0, button_title=0)

        assert [part.text for part in render(Outbound("abcdefghij"), limits)] == [
            "abcd",
            "efgh",
            "ij",
        ]

    def test_what_fits_exactly_is_one_part(self):
        assert render(Outbound("a" * 1000), ROOMY) == [Rendered("a" * 1000)]


limits = st.builds(
    Limits,
    text=st.integers(1, 60),
    buttons=st.integers(0, 3),
    button_title=st.integers(0, 20),
    list_rows=st.integers(0, 10),
    list_title=st.integers(0, 24),
)
texts = st.text(st.sampled_from("aé 😀\n\t.") | st.characters(codec="utf-8"), max_size=300)
outbounds = st.builds(
    Outbound,
    text=texts,
    choices=st.lists(st.text("abé ", min_size=1, max_size=30), max_size=14).map(
        lambda titles: choices(*titles)
    ),
)


@given(outbounds, limits)
@example(Outbound("abcdefghij\n"), Limits(text=10, buttons=0, button_title=0))
@example(Outbound("\n abcdefghij"), Limits(text=10, buttons=0, button_title=0))
def test_every_part_is_within_the_limits(message, limits):
    parts = render(message, limits)

    for part in parts:
        assert len(part.text) <= limits.text
        assert len(part.buttons) <= limits.buttons
        assert len(part.rows) <= limits.list_rows
        assert all(len(label(choice)) <= limits.button_title for choice in part.buttons)
        assert all(len(label(choice)) <= limits.list_title for choice in part.rows)
        assert not (part.buttons and part.rows)
    if message.text.strip():
        assert all(part.text.strip() for part in parts)


@given(outbounds, limits)
def test_no_text_is_lost(message, limits):
    shown = "".join(squeezed(part.text) for part in render(message, limits))

    assert shown.startswith(squeezed(message.text))


@given(outbounds, limits)
def test_no_choice_is_lost(message, limits):
    *before, last = render(message, limits)

    assert all(part.buttons == part.rows == () for part in before)
    if last.buttons or last.rows:
        assert message.choices in (last.buttons, last.rows)
    else:
        shown = "".join(squeezed(part.text) for part in [*before, last])
        labels = "".join(squeezed(label(choice)) for choice in message.choices)
        assert shown == squeezed(message.text) + labels
