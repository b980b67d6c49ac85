"""A machine's voice for what no person has recorded yet, by espeak-ng: ``make audio``.

Its files are committed, so that running needs no system package; ``index.yml`` marks them as
synthetic, and whatever a person records takes their place.
"""

from __future__ import annotations

import array
import io
import subprocess
import wave
from pathlib import Path

from bot.i18n.encode import MACHINE, to_voice
from bot.i18n.recordings import script
from bot.i18n.voice_files import VoiceFile, audio_folder, write_index
from bot.i18n.wording import Wording
from bot.reasons import Reason, mark

# Its own languages only: it would say Dioula as if it were French.
SPEAKS = {"fr": "fr", "en": "en-gb"}
_WORDS_A_MINUTE = "160"
# What of 32767 can be heard, and how long a voice may last behind it (seconds): espeak-ng adds a
# third of a second of nothing.
_AUDIBLE, _TAIL = 100, 0.05


class NoMachine(Reason, RuntimeError):
    """espeak-ng is not installed, or does not know the language."""


def synthesise(wording: Wording, locales: Path, language: str) -> list[Path]:
    """Say what nobody says, or says in other words; return the files that were written.

    Files of messages that are no longer said are taken away, those of persons never changed.

    Raises:
        NoMachine: the language cannot be said.
    """
    if language not in SPEAKS:
        raise NoMachine(mark("espeak-ng ne parle pas {language}."), language=language)
    folder = audio_folder(locales, language)
    folder.mkdir(parents=True, exist_ok=True)
    files, written = {}, []
    for reading in script(None, wording, language):
        file = wording.voices.get(language, reading.name)
        if file is None or (file.synthetic and reading.state == "changed"):
            path = folder / f"{reading.name}.ogg"
            path.write_bytes(to_voice(_spoken(reading.words, SPEAKS[language]), MACHINE))
            file = VoiceFile(path, reading.words, synthetic=True)
            written.append(path)
        files[reading.name] = file
    for path in folder.glob("*.ogg"):
        if path.stem not in files:
            path.unlink()
    write_index(locales, language, files)
    return written


def _spoken(text: str, voice: str) -> bytes:
    command = ["espeak-ng", "-v", voice, "-s", _WORDS_A_MINUTE, "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program; the text is its input)
            command, input=text.encode(), capture_output=True, check=True
        )
    except FileNotFoundError:
        raise NoMachine(
            mark("Il manque le programme espeak-ng (Debian : apt install espeak-ng).")
        ) from None
    except subprocess.CalledProcessError as error:
        raise NoMachine("{said}", said=error.stderr.decode().strip()) from None
    return _without_silence(done.stdout)


def _without_silence(sound: bytes) -> bytes:
    """Return a WAV of one channel without the silence at its end."""
    with wave.open(io.BytesIO(sound)) as source:
        rate = source.getframerate()
        # Of a stream the header does not say how much there is: all of it.
        samples = array.array("h", source.readframes(len(sound)))
    end = next((at for at in range(len(samples), 0, -1) if abs(samples[at - 1]) > _AUDIBLE), 0)
    kept = samples[: end + int(_TAIL * rate)]
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setparams((1, 2, rate, 0, "NONE", ""))
        target.writeframes(kept.tobytes())
    return out.getvalue()
