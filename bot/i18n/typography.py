"""How a language spaces its punctuation.

The source and the catalogs hold ordinary spaces: a no-break space cannot be seen in an editor, and
a translator would lose it. What is shown is set here.
"""

from __future__ import annotations

import re

# U+00A0 everywhere: some phones have no glyph for the narrow one.
_NO_BREAK = "\u00a0"
_FRENCH = re.compile(r" (?=[:;!?»])|(?<=«) ")


def typeset(text: str, language: str) -> str:
    """Return ``text`` with French no-break spaces inside « » and before : ; ! ? in French."""
    return _FRENCH.sub(_NO_BREAK, text) if language == "fr" else text
