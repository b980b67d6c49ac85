"""What a message is made of for the learned layer."""

from bot.safety.chart import Chart, Text
from bot.safety.grams import BUCKETS, grams


def _chart(said: str) -> Chart:
    return Chart(Text.cut(said.split()))


def test_words_run_together_sound_the_same():
    (pieces, sounds, _), (others, same, _) = map(
        grams, map(_chart, ("mon papa crie", "monpapa crie"))
    )
    assert sounds == same
    assert pieces != others


def test_each_bucket_counts_once_in_its_block():
    for block, value in grams(_chart("papa papa papa")):
        assert block == sorted(set(block))
        assert all(0 <= bucket < BUCKETS for bucket in block)
        assert value > 0
