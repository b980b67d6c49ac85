"""Words that say nothing of what happened: "il m'a", "he will" are only beginnings."""

from __future__ import annotations

from collections.abc import Iterable

# Places ("sur moi", "in me"), wanting and doing tell something: no word for these is here.
_FRENCH = """
je j tu il elle on nous vous ils elles me m te t se s moi toi lui eux leur y en l la le les un
une des du de d ma mon mes ta ton tes sa son ses notre votre nos vos leurs ce c cet cette ces ca
qui que qu quand comme et ou mais donc parce puis apres alors ne n pas
ai as a avons avez ont avait etait ete suis es est sommes etes sont sera va vas vont
"""
_ENGLISH = """
i you he she it we they me him her us them my your his its our their a an the this that these
those who what when which and or but so because then
am is are was were be been have has had do does did will would shall can could may dey don
"""
FUNCTION_WORDS = frozenset(f"{_FRENCH} {_ENGLISH}".split())
# How many of them can stand together without a meaning: "he was on me" has one.
_MOST = 3


def only_function_words(words: Iterable[str]) -> bool:
    """Whether folded ``words`` are a fragment of function words, French or English."""
    said = [word for word in words if word != ","]
    return len(said) <= _MOST and FUNCTION_WORDS.issuperset(said)
