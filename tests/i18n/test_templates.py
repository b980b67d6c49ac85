"""Pages hold no words but those that are translated."""

from __future__ import annotations

import re

import pytest

from bot.i18n.catalogs import Catalogs
from bot.i18n.translator import page_language
from bot.settings import PROJECT

TEMPLATES = sorted((PROJECT / "bot").rglob("templates/*.html"))
# The name of the programme, a sign, and kinds of files.
_NOT_TRANSLATED = {"Akoma", "X", "CSV", "XLSX (Excel, LibreOffice"}
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_CLASS = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
_TRANS = re.compile(r"\{%-? trans\b.*?endtrans -?%\}", re.DOTALL)
_TAG = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>")
# What a macro adds to a tag.
_LOOSE_ATTRIBUTE = re.compile(r'[\w-]+=""')
_SAID_BY_ATTRIBUTES = re.compile(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_word_of_a_page_stands_outside_gettext(path):
    text = _CLASS.sub("", path.read_text(encoding="utf-8"))
    text = _JINJA.sub("", _TRANS.sub("", text))
    between = _LOOSE_ATTRIBUTE.sub("", _TAG.sub("\n", text))
    shown = [*between.splitlines(), *_SAID_BY_ATTRIBUTES.findall(text)]
    words = {line.strip(" ·()") for line in shown if re.search(r"[^\W\d_]", line)}
    assert words <= _NOT_TRANSLATED


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "bot").rglob("static/*.js")), ids=lambda path: path.name
)
def test_no_french_stands_in_a_script(path):
    code = re.sub(r"(^|\s)//.*", "", path.read_text(encoding="utf-8"))
    strings = re.findall(r'"([^"\n]*)"|`([^`]*)`', code)
    assert not [text for pair in strings for text in pair if re.search(r"[éèàêçùœ’…]", text)]


def test_a_page_is_in_the_nearest_reviewed_language():
    catalogs = Catalogs(PROJECT / "locales")
    nearest = {"fr": "fr", "en": "en", "dyu": "fr", "bci": "fr", "ak": "en", "mos": "fr"}
    for code, shown in {**nearest, "xx": "fr"}.items():
        assert page_language(catalogs, code) == shown
