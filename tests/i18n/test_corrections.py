"""What reviewers write lies over the files, until the files say something else."""

from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from bot.i18n.catalogs import Catalogs
from bot.i18n.export import export
from bot.i18n.extraction import stale_files
from bot.i18n.review import by_part, sentences, status_lines
from bot.i18n.wording import load_wording
from tests.i18n.conftest import catalog_path, entry, write_catalog

DRAFT = "# asked Ama\n#, fuzzy"


@dataclass
class Row:
    text: str
    replaces: str = "Awɔ"
    signed: bool = False
    language: str = "dyu"
    context: str = "utter_greet|button"
    source: str = "Oui"
    at: datetime = datetime(2026, 11, 27, tzinfo=timezone.utc)


@pytest.fixture
def draft(project):
    """Give a project whose Dioula has one draft: "Awɔ" for "Oui"."""
    write_catalog(project, "dyu", entry("utter_greet|button", "Oui", "Awɔ", DRAFT))
    stale_files(project, write=True)
    return project


def _shown(project, *rows):
    wording = load_wording(project)
    wording.catalogs.correct(rows)
    return wording.say("utter_greet", "dyu", "tu").choices[0][1]


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([], "Awɔ (Oui)"),
        ([Row("Ɔnhɔn")], "Ɔnhɔn (Oui)"),
        ([Row("Ɔnhɔn", signed=True)], "Ɔnhɔn"),
        ([Row("Awɔ", signed=True)], "Awɔ"),
        ([Row("")], "Oui"),
        ([Row("Ɔnhɔn", signed=True), Row("Un-un")], "Un-un (Oui)"),
        # The file was changed since: it counts.
        ([Row("Ɔnhɔn", replaces="Owo", signed=True)], "Awɔ (Oui)"),
        # The file has the first of two corrections by now: the second one still counts.
        ([Row("Awɔ", replaces="Owo"), Row("Ɔnhɔn", replaces="Owo", signed=True)], "Ɔnhɔn"),
        ([Row("Ɔnhɔn", source="Oui !", signed=True)], "Awɔ (Oui)"),
        ([Row("Ɔnhɔn", language="xx", signed=True)], "Awɔ (Oui)"),
    ],
)
def test_the_newest_correction_of_a_sentence_counts(draft, rows, shown):
    assert _shown(draft, *rows) == shown


def test_a_text_that_was_signed_in_the_file_stays_signed(project):
    write_catalog(project, "dyu", entry("utter_greet|button", "Oui", "Awɔ"))
    assert _shown(project, Row("Awɔ")) == "Awɔ"


def test_corrected_catalogs_are_apart_from_those_of_the_process(draft):
    catalogs = Catalogs(draft / "locales")
    seen = catalogs.corrected([Row("Ɔnhɔn", signed=True)])
    assert seen.find("utter_greet|button", "Oui", "dyu").text == "Ɔnhɔn"
    assert catalogs.find("utter_greet|button", "Oui", "dyu").text == "Awɔ"
    assert seen.find("utter_greet|button", "Oui", "dyu").note == "asked Ama"


def test_the_export_is_a_change_of_the_file_that_says_the_same(draft):
    rows = [Row("Ɔnhɔn", signed=True), Row("Ayi", replaces="", source="Non")]
    changed, left_out = export(draft / "locales", rows)
    assert (changed, left_out) == ([catalog_path(draft, "dyu")], 0)
    written = changed[0].read_text(encoding="utf-8")
    assert '# asked Ama\n# Signed 2026-11-27.\nmsgctxt "utter_greet|button"\nmsgid "Oui"' in written
    drafted = (
        '# Drafted by a reviewer 2026-11-27.\n#, fuzzy\nmsgctxt "utter_greet|button"\nmsgid "Non"'
    )
    assert f'{drafted}\nmsgstr "Ayi"' in written
    assert stale_files(draft, write=False) == []
    assert _shown(draft) == "Ɔnhɔn"
    assert export(draft / "locales", rows) == ([], 0)


def test_the_export_leaves_out_what_changed_since(draft):
    rows = [Row("Ɔnhɔn", replaces="Owo"), Row("x", source="Ancien"), Row("x", language="mos")]
    assert export(draft / "locales", rows) == ([], 3)


def test_a_correction_is_lost_with_its_sentence(draft):
    domain = draft / "domain.yml"
    changed = domain.read_text(encoding="utf-8").replace('"Oui"', '"Oui, je veux"')
    domain.write_text(changed, encoding="utf-8")
    stale_files(draft, write=True)
    assert _shown(draft, Row("Ɔnhɔn", signed=True)) == "Oui, je veux"


def test_how_far_a_language_is(draft):
    catalogs = Catalogs(draft / "locales").corrected([Row("Ayi", "", signed=True, source="Non")])
    choices = by_part(catalogs, "dyu")["choices"]
    assert (choices.total, choices.translated, choices.signed, choices.drafts) == (2, 2, 1, 1)
    assert by_part(catalogs, "dyu")["chat"].translated == 0
    states = {s.source: (s.state, s.part) for s in sentences(catalogs, "dyu")}
    assert states["Oui"] == ("draft", "choices")
    assert states["Fermer"] == ("missing", "pages")
    (line,) = [line for line in status_lines(catalogs, str) if line.startswith("dyu")]
    assert line.split()[:8] == ["dyu", "Julakan", "0", "0", "0", "1", "1", "0"]
