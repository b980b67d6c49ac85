"""The catalogs hold every sentence that people see, and follow the code without a guess."""

import re
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po

from bot.i18n.extraction import extract, stale_files
from bot.settings import PROJECT
from tests.i18n.conftest import DOMAIN, catalog_path, entry, write_catalog


def _catalog(project, language="en"):
    with catalog_path(project, language).open("rb") as file:
        return read_po(file)


def _translations(project):
    return {(m.context, m.id): m.string for m in _catalog(project) if m.id}


def test_the_words_of_the_chat_the_code_and_the_pages_are_found(project):
    assert [(message.context, message.id) for message in extract(project) if message.id] == [
        ("utter_greet", "Bonjour, tu choisis :"),
        ("utter_greet|vous", "Bonjour, vous choisissez :"),
        ("utter_greet|button", "Oui"),
        ("utter_greet|button", "Non"),
        ("utter_paid", "{whom} : {amount} le {day}."),
        ("utter_own", "Pour {month}"),
        (None, "Personne n’attend."),
        (None, "Fermer"),
        (None, "Page de %(clock)s"),
        (None, "%(name)s répond."),
    ]


def test_nothing_is_read_outside_the_code(project):
    (project / "var").mkdir()
    (project / "var" / "bot.py").write_text('_("Ailleurs")', encoding="utf-8")
    assert "Ailleurs" not in extract(project)


def test_a_template_that_cannot_be_read_is_an_error(project):
    broken = project / "bot" / "console" / "templates" / "broken.html"
    broken.write_text("{% if %}{{ _('Perdu') }}", encoding="utf-8")
    with pytest.raises(Exception, match="[Ee]xpected an expression"):
        extract(project)


def test_the_second_run_changes_nothing(project):
    template = project / "locales" / "messages.pot"
    assert stale_files(project, write=True) == [template, catalog_path(project, "en")]
    written = [path.read_bytes() for path in (template, catalog_path(project, "en"))]
    assert stale_files(project, write=True) == []
    assert [p.read_bytes() for p in (template, catalog_path(project, "en"))] == written


def test_a_check_finds_drift_and_writes_nothing(project):
    stale_files(project, write=True)
    (project / "domain.yml").write_text(DOMAIN.replace("Oui", "Oui !"), encoding="utf-8")
    before = catalog_path(project, "en").read_bytes()
    assert stale_files(project, write=False) == [
        project / "locales" / "messages.pot",
        catalog_path(project, "en"),
    ]
    assert catalog_path(project, "en").read_bytes() == before


def test_a_changed_sentence_loses_its_translation_and_no_other_does(project):
    stale_files(project, write=True)
    path = catalog_path(project, "en")
    for source, translation in (("Oui", "Yes"), ("Bonjour, tu choisis :", "Hello, choose:")):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(f'"{source}"\nmsgstr ""', f'"{source}"\nmsgstr "{translation}"'),
            encoding="utf-8",
        )
    changed = DOMAIN.replace("Bonjour, tu choisis :", "Bonjour, ne choisis pas :")
    (project / "domain.yml").write_text(changed, encoding="utf-8")
    stale_files(project, write=True)
    translations = _translations(project)
    assert translations["utter_greet", "Bonjour, ne choisis pas :"] == ""
    assert translations["utter_greet|button", "Oui"] == "Yes"
    assert "Hello, choose:" not in path.read_text(encoding="utf-8")


def test_what_reviewers_note_and_the_draft_mark_are_kept(project):
    mark = "# asked Ama\n#, fuzzy"
    write_catalog(project, "en", entry("utter_greet|button", "Oui", "Yes", mark))
    stale_files(project, write=True)
    message = _catalog(project).get("Oui", context="utter_greet|button")
    assert (message.string, message.fuzzy, message.user_comments) == ("Yes", True, ["asked Ama"])


def test_a_difference_is_a_difference_in_words(project):
    stale_files(project, write=True)
    for path in (project / "locales" / "messages.pot", catalog_path(project, "en")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"20\d\d|Date|Generated|^#:", text, re.MULTILINE)
        assert "charset=utf-8" in text


def test_only_a_language_that_was_begun_has_a_catalog(project):
    stale_files(project, write=True)
    begun = {path.parent.parent.name for path in project.glob("locales/*/LC_MESSAGES/*.po")}
    assert begun == {"en"}
    write_catalog(project, "dyu", "")
    stale_files(project, write=True)
    assert ("utter_greet|button", "Oui") in {(m.context, m.id) for m in _catalog(project, "dyu")}


def test_the_projects_catalogs_are_current():
    command = [sys.executable, "-m", "bot", "i18n", "extract", "--check"]
    checked = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
