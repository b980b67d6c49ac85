"""A small project with words of every kind."""

import shutil
from pathlib import Path

import pytest

from bot.settings import PROJECT

DOMAIN = """\
responses:
  utter_greet:
  - text: "Bonjour, tu choisis :"
    metadata: {vous: "Bonjour, vous choisissez :"}
    buttons:
    - {title: "Oui", payload: "/affirm"}
    - {title: "Non", key: "5", payload: "/deny"}
  utter_paid:
  - text: "{whom} : {amount} le {day}."
  utter_own:
  - text: "Pour {month}"
"""
CODE = 'def words(_):\n    return _("Personne n’attend.")\n'
PAGE = """\
<p title="{{ _('Fermer') }}">{{ _("Page de %(clock)s", clock=clock) }}</p>
<p>{% trans name=name %}{{ name }} répond.{% endtrans %}</p>
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give the folder of a project whose catalogs are not made yet; English has been begun."""
    for name in ("babel.cfg", "languages.yml"):
        (tmp_path / "locales").mkdir(exist_ok=True)
        shutil.copy(PROJECT / "locales" / name, tmp_path / "locales" / name)
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    page = tmp_path / "bot" / "console" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    (tmp_path / "bot" / "console" / "words.py").write_text(CODE, encoding="utf-8")
    write_catalog(tmp_path, "en", "")
    return tmp_path


def catalog_path(project: Path, language: str) -> Path:
    return project / "locales" / language / "LC_MESSAGES" / "messages.po"


def write_catalog(project: Path, language: str, text: str) -> None:
    path = catalog_path(project, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def entry(context: str, source: str, translation: str, mark: str = "") -> str:
    """Return an entry of a catalog; ``mark`` is a line of comment or flags before it."""
    return f'{mark}\nmsgctxt "{context}"\nmsgid "{source}"\nmsgstr "{translation}"\n'
