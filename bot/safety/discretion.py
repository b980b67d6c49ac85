"""What a locked screen must not show (safeguarding 12).

A notification shows the beginning of a message to whoever holds the phone. No word of violence,
abuse, trafficking, an agency or a job title may stand there, in what we send or staff write.
"""

from __future__ import annotations

import re

from bot.safety.text import fold

SHOWN_ON_A_LOCKED_SCREEN = 120

_BETRAYING = re.compile(
    r"\b(?:"
    r"violen\w*|viol|violee?s?|violer|abus\w*|agress\w*|attouche\w*|harcel\w*|maltrait\w*|"
    r"frapp\w*|batt(?:re|u|ue|us)|coups?|"
    r"traite des|trafi\w*|exploit\w*|esclav\w*|travail des enfants|cacao|plantation|"
    r"suicid\w*|danger\w*|victimes?|plainte|temoin|"
    r"polic\w*|gendarm\w*|tribunal|juge|procureur|ong|oim|unicef|akoma|foyer|refuge|"
    r"assistant\w* socia\w*|travailleu\w* socia\w*|educat(?:eur|rice)s?|psycholog\w*|"
    r"protection de l'enf\w*|"
    r"rape\w*|raping|assault\w*|beat(?:en|ing)?|hit(?:ting)?|traffick\w*|slave\w*|child labour|"
    r"victims?|police|court|ngo|iom|shelter|social workers?|case ?workers?|counsell?ors?"
    r")\b"
)


def betraying_words(text: str, within: int = SHOWN_ON_A_LOCKED_SCREEN) -> list[str]:
    """Return the words in the first ``within`` characters that say what the message is about."""
    return [match.group() for match in _BETRAYING.finditer(fold(text[:within]))]
