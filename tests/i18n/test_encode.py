"""Any recording becomes mono OGG/Opus. What goes in is made by the same library."""

import io
import math
import struct
import wave
from typing import Any

import av
import pytest

from bot.i18n.encode import MACHINE, NotASound, TooLong, join, to_voice


def tone(seconds, channels=2, rate=44_100):
    """Return a WAV of a tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        for step in range(int(seconds * rate)):
            level = int(9000 * math.sin(step * 440 * 2 * math.pi / rate))
            file.writeframesraw(struct.pack("<h", level) * channels)
    return out.getvalue()


def as_format(data, container, codec, rate, samples=1024, **options):
    """Return the same sound as a browser or a phone would send it, in frames of ``samples``."""
    out = io.BytesIO()
    source: Any = av.open(io.BytesIO(data))
    with source, av.open(out, "w", format=container) as target:
        stream = target.add_stream(codec, rate=rate, **options)
        mixer = av.AudioResampler(stream.format, stream.layout, rate, frame_size=samples)
        for frame in source.decode(audio=0):
            for mixed in mixer.resample(frame):
                target.mux(stream.encode(mixed))
        target.mux(stream.encode(None))
    return out.getvalue()


def heard(data):
    sound: Any = av.open(io.BytesIO(data))
    with sound:
        stream = sound.streams.audio[0]
        seconds = sum(frame.samples for frame in sound.decode(audio=0)) / stream.rate
        return sound.format.name, stream.codec_context.name, stream.codec_context.channels, seconds


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [("wav", None, None), ("webm", "libopus", 48_000), ("mp4", "aac", 44_100)],
)
def test_whatever_comes_is_one_channel_of_opus_as_long_as_it_was(container, codec, rate):
    data = tone(1.5)
    if codec:
        if container == "mp4":
            container = "ipod"  # m4a
        data = as_format(data, container, codec, rate)

    kind, name, channels, seconds = heard(to_voice(data))

    assert (kind, name, channels) == ("ogg", "opus", 1)
    assert seconds == pytest.approx(1.5, abs=0.2)


def test_it_is_small_and_the_same_every_time():
    data = tone(4, channels=1, rate=22_050)

    assert to_voice(data, MACHINE) == to_voice(data, MACHINE)
    assert len(to_voice(data, MACHINE)) < 5000


@pytest.mark.parametrize("data", [b"", b"<html>", b"OggS" + bytes(50), tone(0)])
def test_what_is_no_sound_is_refused(data):
    with pytest.raises(NotASound):
        to_voice(data)


def test_what_is_longer_than_two_minutes_is_refused():
    with pytest.raises(TooLong):
        to_voice(tone(121, channels=1, rate=8000))


def test_voices_are_joined_to_one_that_is_as_long_as_all_of_them():
    voices = [
        to_voice(tone(seconds), bits) for seconds, bits in ((1, 6000), (2, 12_000), (0.5, 6000))
    ]

    kind, name, channels, seconds = heard(join(voices))

    assert (kind, name, channels) == ("ogg", "opus", 1)
    assert seconds == pytest.approx(3.5, abs=0.4)
    assert len(join(voices)) < sum(map(len, voices)) + 100
    assert join(voices[:1]) == voices[0]


@pytest.mark.parametrize("other", [b"", b"OggS" + bytes(50)])
def test_what_is_no_voice_is_not_joined(other):
    with pytest.raises(NotASound):
        join([to_voice(tone(1)), other])
