"""Any recording as what every messenger takes for a voice: mono OGG/Opus, small.

PyAV, FFmpeg in a wheel, does it. It is loaded here and only while something is converted: the
hundred megabytes of it are not for a web role that mostly sends texts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import chain
from typing import Any

# A voice needs no more (bits a second, samples a second).
PERSON, MACHINE = 12_000, 6_000
_RATE = 16_000
LONGEST = 120  # seconds
# Bitexact: the same sound makes the same file.
_CONTAINER = {"fflags": "+bitexact"}
# One page as long as Ogg lets it be instead of one a second (microseconds): 3 % smaller. Nobody
# looks for a place in some seconds of a machine.
_LONG_PAGES = {"page_duration": "20000000"}
_CODEC = {"application": "voip", "frame_duration": "60", "compression_level": "10"}


class NotASound(ValueError):
    """Nothing that can be heard is in it."""


class TooLong(ValueError):
    """It lasts longer than a message may."""


def to_voice(data: bytes, bits: int = PERSON, longest: float = LONGEST) -> bytes:
    """Return a recording in any format as mono OGG/Opus.

    Raises:
        NotASound: it has no sound, or is of no known format.
        TooLong: it lasts more than ``longest`` seconds.
    """
    import av

    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data)) as source:
            if not source.streams.audio:
                raise NotASound("no sound")
            pages = _LONG_PAGES if bits == MACHINE else {}
            options = _CONTAINER | pages
            with av.open(out, "w", format="ogg", container_options=options) as target:
                if _copy(av, source, target, bits, longest) == 0:
                    raise NotASound("empty")
    except (av.FFmpegError, EOFError) as error:
        raise NotASound(type(error).__name__) from None
    return out.getvalue()


def join(sounds: Sequence[bytes]) -> bytes:
    """Return voices as one that is heard from the first to the last, each sounding as before.

    Raises:
        NotASound: one of them is no OGG/Opus.
    """
    if len(sounds) == 1:
        return sounds[0]
    import av

    out = io.BytesIO()
    try:
        with av.open(out, "w", format="ogg", container_options=_CONTAINER) as target:
            stream, end = None, 0
            for sound in sounds:
                source: Any = av.open(io.BytesIO(sound), format="ogg")
                with source:
                    if stream is None:
                        stream = target.add_stream_from_template(source.streams.audio[0])
                    for packet in source.demux(audio=0):
                        if packet.dts is None:
                            continue  # the last one is empty: it flushes a decoder
                        packet.stream = stream
                        packet.pts = packet.dts = end
                        end += packet.duration
                        target.mux(packet)
    except (av.FFmpegError, EOFError, IndexError) as error:
        raise NotASound(type(error).__name__) from None
    return out.getvalue()


def _copy(av: Any, source: Any, target: Any, bits: int, longest: float) -> int:
    """Decode, mix down and encode; return how many samples there were."""
    stream = target.add_stream("libopus", rate=_RATE, layout="mono", options=_CODEC)
    stream.bit_rate = bits
    mixer = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
    samples = 0
    for frame in chain(source.decode(audio=0), [None]):
        for mixed in mixer.resample(frame):
            samples += mixed.samples
            if samples > longest * _RATE:
                raise TooLong(f"more than {longest} seconds")
            target.mux(stream.encode(mixed))
    if samples:
        target.mux(stream.encode(None))
    return samples
