"""What the documents and the code point to exists."""

import re

import pytest

from bot.settings import PROJECT

DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
SPOKEN_OF = [
    *DOCUMENTS,
    PROJECT / "domain.yml",
    *(path for top in ("bot", "actions") for path in sorted((PROJECT / top).rglob("*.py"))),
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_documents_that_are_referred_to_exist():
    named = {
        name
        for path in SPOKEN_OF
        for name in re.findall(r"\bdocs/[a-z-]+\.md", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def test_no_variable_is_spoken_of_that_nothing_reads():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (PROJECT / "bot" / "settings.py", PROJECT / "tests" / "conftest.py")
    )
    for path in DOCUMENTS:
        for name in re.findall(r"\bAKOMA_([A-Z_]+[A-Z])\b", path.read_text(encoding="utf-8")):
            assert f'"{name}"' in code or f'"AKOMA_{name}"' in code, name
