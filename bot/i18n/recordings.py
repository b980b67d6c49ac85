"""Which voice says a message: the file of its language, or staff's row that overrides it.

A voice whose words have changed since is not sent: it would say something else than what is
written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection, Row

from bot.followup import recordings as rows
from bot.i18n.speech import lines_of, said_on_request, voice_names, words_of
from bot.i18n.voice_files import VoiceFile, VoiceFiles, audio_folder, write_index
from bot.i18n.wording import Wording

# Of a voice: nobody says it, it says other words than today's, a machine says it, a person does.
STATES = ("missing", "changed", "synthetic", "recorded")


def state_words(_: Callable[[str], str]) -> dict[str, str]:
    """Say each of ``STATES``."""
    return {
        "missing": _("À dire"),
        "changed": _("Les mots ont changé"),
        "synthetic": _("Voix de machine"),
        "recorded": _("Dite"),
    }


@dataclass(frozen=True)
class Voice:
    """A voice as it stands: of a file, or of a row (then ``staff_id`` recorded it, ``at``)."""

    language: str
    name: str
    says: str
    synthetic: bool = False
    staff_id: int | None = None
    at: datetime | None = None
    file: VoiceFile | None = field(default=None, repr=False)

    @property
    def reference(self) -> str:
        """What a row of the outbox calls it: "fr/utter_menu"."""
        return f"{self.language}/{self.name}"


@dataclass(frozen=True)
class Reading:
    """A line of what is to be said: its number, its words, the voice that there is."""

    number: int
    name: str
    french: str
    words: str
    draft: bool
    voice: Voice | None

    @property
    def state(self) -> str:
        """One of ``STATES``."""
        if self.voice is None:
            return "missing"
        if self.voice.says != self.words:
            return "changed"
        return "synthetic" if self.voice.synthetic else "recorded"

    @property
    def on_request(self) -> bool:
        """Whether it is sent only when it is asked for."""
        return said_on_request(self.name)


def script(connection: Connection | None, wording: Wording, language: str) -> list[Reading]:
    """Return everything that is to be said in a language, in order, with the voices there are.

    Args:
        connection: without one only the files count.
    """
    own = {} if connection is None else rows.newest_of(connection, language)
    readings = []
    for number, name in enumerate(voice_names(wording.responses), start=1):
        words = words_of(wording.responses, wording.catalogs, name, language)
        french = words_of(wording.responses, wording.catalogs, name, "fr")
        voice = standing(wording.voices, own.get(name), language, name)
        readings.append(Reading(number, name, french.text, words.text, words.draft, voice))
    return readings


def find_voices(connection: Connection, wording: Wording, reference: str) -> list[Voice]:
    """Return the voices that say a message, one after the other; none where nobody says it.

    Each line is said as it is written, or as what stands beneath it. One that cannot be said whole
    is left out: half a telephone number is a wrong one.

    Args:
        reference: what the wording gave (see ``bot.i18n.speech``).
    """
    lines = (_find_line(connection, wording, *line) for line in lines_of(reference))
    return [voice for line in lines for voice in line]


def _find_line(
    connection: Connection, wording: Wording, language: str, names: list[str]
) -> list[Voice]:
    if not wording.voice_names.issuperset(names):
        return []
    spoken: str | None = language
    while spoken is not None:
        words = [words_of(wording.responses, wording.catalogs, name, spoken) for name in names]
        own = rows.newest_of(connection, spoken, names)
        voices = [standing(wording.voices, own.get(name), spoken, name) for name in names]
        said = [
            voice
            for voice, wanted in zip(voices, words, strict=True)
            if voice is not None and voice.says == wanted.text
        ]
        if len(said) == len(names):
            return said
        if words[0].language == spoken and not words[0].draft:
            return []  # what is written stands alone, and nobody says it yet
        spoken = wording.catalogs.fallback(spoken)
    return []


def standing(files: VoiceFiles, row: Row | None, language: str, name: str) -> Voice | None:
    """Return the voice that counts: a row's unless it was taken away or its file changed since."""
    file = files.get(language, name)
    if row is not None and row.has_sound and row.replaces == (file.digest if file else ""):
        return Voice(language, name, row.says, staff_id=row.staff_id, at=row.at)
    return None if file is None else Voice(language, name, file.says, file.synthetic, file=file)


def sound_of(connection: Connection, voice: Voice) -> bytes:
    """Return the sound of a voice: mono OGG/Opus."""
    if voice.file is not None:
        return voice.file.path.read_bytes()
    return rows.sound_of(connection, voice.language, voice.name)


def sounds_at(connection: Connection, files: VoiceFiles, reference: str) -> list[bytes]:
    """Return the sounds that stand under a reference now, whatever they say; none if one is gone.

    They are to be heard one after the other.
    """
    sounds = []
    for language, names in lines_of(reference):
        own = rows.newest_of(connection, language, names)
        for name in names:
            voice = standing(files, own.get(name), language, name)
            if voice is None:
                return []
            sounds.append(sound_of(connection, voice))
    return sounds


def export(connection: Connection, locales: Path) -> list[Path]:
    """Write what staff recorded into the files, to be reviewed as a change; return what changed.

    Who recorded stays in the database.
    """
    files = VoiceFiles(locales)
    written = []
    for language in rows.languages(connection):
        kept = dict(files.of(language))
        for name, row in rows.newest_of(connection, language).items():
            voice = standing(files, row, language, name)
            if voice is None or voice.file is not None:
                continue
            path = audio_folder(locales, language) / f"{name}.ogg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sound_of(connection, voice))
            kept[name] = VoiceFile(path, voice.says)
            written.append(path)
        if kept != files.of(language):
            written.append(write_index(locales, language, kept))
    return written
