"""Files, and rows of staff that override them as long as the file is the one they knew."""

import io
from typing import Any

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from bot.commands import app
from bot.followup import recordings as rows
from bot.i18n.catalogs import Catalogs
from bot.i18n.recordings import export, find_voices, script, sound_of, sounds_at
from bot.i18n.voice_files import VoiceFile, VoiceFiles, audio_folder, write_index
from bot.i18n.wording import Wording
from bot.settings import PROJECT
from tests.made_up import make_member, make_structure

RESPONSES = {
    "utter_ok": [{"text": "D'accord."}],
    "utter_thank": [{"text": "Merci."}],
    "utter_here": [{"text": "Je suis là."}],
}
PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n{entries}'


@pytest.fixture
def locales(tmp_path):
    """Give French with a machine's voice for "D'accord.", and Twi with two sentences."""
    (tmp_path / "languages.yml").write_text(
        "fr: {name: Français, locale: fr_CI}\nak: {name: Twi, locale: en_GH, fallback: fr}\n"
    )
    folder = tmp_path / "ak" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    signed = 'msgctxt "utter_thank"\nmsgid "Merci."\nmsgstr "Medaase."\n\n'
    draft = '#, fuzzy\nmsgctxt "utter_here"\nmsgid "Je suis là."\nmsgstr "Mewɔ ha."\n'
    (folder / "messages.po").write_text(PO.format(entries=signed + draft))
    path = audio_folder(tmp_path, "fr") / "utter_ok.ogg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"OggS machine")
    write_index(tmp_path, "fr", {"utter_ok": VoiceFile(path, "D'accord.", synthetic=True)})
    return tmp_path


@pytest.fixture
def wording(locales):
    return Wording(RESPONSES, Catalogs(locales), VoiceFiles(locales))


@pytest.fixture
def record(database, wording, now):
    """Give a function that records a voice as a member of staff would."""
    with database.write() as connection:
        member = make_member(connection, make_structure(connection))

    def make(language, name, says, sound=b"OggS person"):
        file = wording.voices.get(language, name)
        with database.write() as connection:
            rows.record(
                connection,
                member,
                now,
                language=language,
                name=name,
                says=says,
                sound=sound,
                replaces=file.digest if file else "",
            )

    return make


def _heard(database, wording, reference):
    with database.read() as connection:
        voices = find_voices(connection, wording, reference)
        sounds = [sound_of(connection, voice) for voice in voices]
        return b"|".join(sounds) if sounds else None


def _states(database, wording, language):
    with database.read() as connection:
        return {each.name: each.state for each in script(connection, wording, language)}


def test_the_script_numbers_everything_and_tells_what_is_missing(database, wording, record):
    record("fr", "utter_thank", "Merci.")
    record("fr", "utter_here", "Je suis ici.")

    assert _states(database, wording, "fr") == {
        "utter_ok": "synthetic",
        "utter_thank": "recorded",
        "utter_here": "changed",
    }
    with database.read() as connection:
        last = script(connection, wording, "ak")[-1]
    assert (last.number, last.words, last.french, last.draft) == (
        3,
        "Mewɔ ha.",
        "Je suis là.",
        True,
    )


def test_a_recording_overrides_the_file_and_may_be_taken_away(database, wording, record):
    assert _heard(database, wording, "fr/utter_ok") == b"OggS machine"
    record("fr", "utter_ok", "D'accord.")
    assert _heard(database, wording, "fr/utter_ok") == b"OggS person"
    record("fr", "utter_ok", "D'accord.", b"OggS again")
    assert _heard(database, wording, "fr/utter_ok") == b"OggS again"
    record("fr", "utter_ok", "D'accord.", None)
    assert _heard(database, wording, "fr/utter_ok") == b"OggS machine"


def test_a_file_that_was_changed_since_counts_again(database, locales, wording, record):
    record("fr", "utter_ok", "D'accord.")
    (audio_folder(locales, "fr") / "utter_ok.ogg").write_bytes(b"OggS of somebody else")

    later = Wording(RESPONSES, wording.catalogs, VoiceFiles(locales))

    assert _heard(database, later, "fr/utter_ok") == b"OggS of somebody else"


def test_other_words_than_today_s_are_not_heard(database, wording, record):
    record("fr", "utter_here", "Je suis ici.")

    assert _heard(database, wording, "fr/utter_here") is None


@pytest.mark.parametrize(
    ("reference", "heard"),
    [
        ("ak/utter_ok", b"OggS machine"),  # no Twi: the French is written
        ("ak/utter_here", b"OggS person"),  # a draft: the French stands beneath
        ("ak/utter_thank", None),  # signed Twi stands alone
        ("ak/utter_gone", None),
    ],
)
def test_another_language_is_heard_only_where_it_is_read(
    database, wording, record, reference, heard
):
    record("fr", "utter_here", "Je suis là.")
    record("fr", "utter_thank", "Merci.")

    assert _heard(database, wording, reference) == heard


def test_lines_are_said_one_after_the_other_each_in_one_language(database, wording, record):
    record("fr", "utter_here", "Je suis là.", b"OggS here")
    record("fr", "utter_thank", "Merci.", b"OggS merci")
    record("ak", "utter_here", "Mewɔ ha.", b"OggS ha")

    whole = "ak/utter_here,ak/utter_here+utter_ok,ak/utter_ok"

    # Nobody says "D'accord." in Twi: the line that has it is said in French as a whole.
    assert _heard(database, wording, whole) == b"|".join(
        [b"OggS ha", b"OggS here", b"OggS machine", b"OggS machine"]
    )
    with database.read() as connection:
        played = "ak/utter_here,fr/utter_here,fr/utter_ok"
        sounds = sounds_at(connection, wording.voices, played)
        assert sounds == [b"OggS ha", b"OggS here", b"OggS machine"]
        assert sounds_at(connection, wording.voices, "fr/utter_ok,ak/utter_thank") == []


def test_a_line_that_cannot_be_said_whole_is_left_out(database, wording, record):
    record("fr", "utter_thank", "Merci bien.")

    assert _heard(database, wording, "fr/utter_ok+utter_thank") is None
    assert _heard(database, wording, "fr/utter_ok+utter_thank,fr/utter_ok") == b"OggS machine"


def test_a_speaker_may_say_what_nobody_has_written_yet(database, wording, record):
    record("ak", "utter_ok", "D'accord.", b"OggS twi")

    assert _heard(database, wording, "ak/utter_ok") == b"OggS twi"


def test_export_makes_files_of_what_was_recorded(database, locales, wording, record):
    record("fr", "utter_ok", "D'accord.")
    record("ak", "utter_thank", "Medaase.", b"OggS twi")

    with database.read() as connection:
        written = {path.name for path in export(connection, locales)}
    assert written == {"utter_ok.ogg", "utter_thank.ogg", "index.yml"}

    later = Wording(RESPONSES, wording.catalogs, VoiceFiles(locales))
    assert later.voices.of("fr")["utter_ok"].synthetic is False
    assert _states(database, later, "fr")["utter_ok"] == "recorded"
    with database.read() as connection:
        assert sounds_at(connection, later.voices, "ak/utter_thank") == [b"OggS twi"]
        assert export(connection, locales) == []


FILES = [file for code in ("fr",) for file in VoiceFiles(PROJECT / "locales").of(code).values()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path.stem)
def test_each_voice_that_comes_with_the_code_can_be_heard_and_is_small(file):
    data = file.path.read_bytes()

    sound: Any = av.open(io.BytesIO(data))
    with sound:
        context = sound.streams.audio[0].codec_context
        assert (sound.format.name, context.name, context.channels) == ("ogg", "opus", 1)
        frames = [frame.to_ndarray() for frame in sound.decode(audio=0)]
    samples = np.concatenate(frames, axis=1)
    seconds = samples.size / context.rate
    # As fast as people speak, and as loud: not cut short, not mute.
    assert 5 < len(file.says) / seconds < 25 or seconds < 2
    assert np.sqrt(np.mean(np.square(samples))) > 0.03
    if file.synthetic:
        assert len(data) <= max(4096, 760 * seconds)


def test_a_machine_says_a_message_in_3_to_4_kb_in_the_middle():
    sizes = [file.path.stat().st_size for file in FILES if file.synthetic]

    assert sum(sizes) / len(sizes) < 4096
    assert max(sizes) < 14_000


def test_french_is_heard_whole():
    done = CliRunner().invoke(app, ["audio", "missing", "fr", "--files-only"])
    assert (done.exit_code, done.stderr) == (0, "")


def test_what_is_not_heard_is_named_with_what_to_do(wording, record, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fr")
    # Files alone count: a clone has no rows.
    record("fr", "utter_thank", "Merci.")
    monkeypatch.setattr("bot.i18n.wording.load_wording", lambda _project: wording)

    done = CliRunner().invoke(app, ["audio", "missing", "fr", "--files-only"])

    assert done.exit_code == 1
    assert "fr: À dire 2," in done.stdout
    assert "utter_thank: À dire" in done.stdout
    assert "utter_here: À dire" in done.stdout
    assert "utter_ok" not in done.stdout
    assert "audio synthesise" in done.stderr


def test_each_file_stands_in_the_index():
    for index in (PROJECT / "locales").glob("*/audio/index.yml"):
        code = index.parent.parent.name
        named = set(VoiceFiles(PROJECT / "locales").of(code))
        assert {path.stem for path in index.parent.glob("*.ogg")} == named
