"""Whether a message is about somebody who works for or with the project (safeguarding 15).

A danger that names staff goes to the focal point alone, from the first second: the alert must
never be read first by the colleague it is about. When unsure it is better sealed: the focal point
can release it.
"""

from __future__ import annotations

import re

from bot.safety.text import fold

# People and places of the structures, not of the family or of the former work.
_STAFF = re.compile(
    # "leducateur": the elision is often typed without its apostrophe.
    r"\b(?:l|d)?"
    r"(?:educat(?:eur|rice)s?|animat(?:eur|rice)s?|format(?:eur|rice)s?|monit(?:eur|rice)s?|"
    r"encadreurs?|assistantes? sociales?|assistants? socia(?:l|ux)|"
    r"travailleu(?:r|se)s? socia(?:l|le|ux)|"
    r"agents? (?:du|de|des) (?:centre|projet|programme|ong|foyer|paiements?|terrain)|"
    r"(?:directeur|directrice|chef|gardien|vigile|surveillant|surveillante|responsable|personnel|gens)"
    r" (?:du|de) (?:centre|foyer|projet|programme|ong|paiement)|"
    r"social workers?|case ?workers?|caretakers?|house ?(?:mother|father|parent)s?|"
    r"(?:cent(?:er|re)|shelter|project|ngo|programme|program|payment) "
    r"(?:staff|worker|people|man|woman|manager|director|officer|guard)s?|"
    r"field officers?|your (?:staff|worker|people|man|colleague|officer|agent)s?|"
    r"(?:votre|vos|ton) (?:agent|collegue|personnel|travailleur|equipe|gars)s?)\b"
)


def names_staff(text: str) -> bool:
    """Tell whether a message names somebody of the staff, of a centre or of a partner."""
    return _STAFF.search(fold(text)) is not None
