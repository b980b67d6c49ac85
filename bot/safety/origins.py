"""Words for where people come from: whoever does harm, it is not because of these.

In sentences that people make up, strangers of some origins do harm more often than they help. The
screen is not to learn that, so it never reads such a word. Names of countries and of languages that
are nothing else stay: "il veut m'emmener au Mali" tells where to.
"""

from __future__ import annotations

# How the words for nations begin, so that feminine and plural are found too.
_BEGINNINGS = """
american americain beninois burkinab camerounais cameroonian chinese chinois european europeen
gambian gambien ghanaian ghaneen guinean guineen indian indien ivoirien ivorian lebanese liberian
liberien libanais malian malien marocain mauritanian mauritanien moroccan nigerian nigerien
senegalais senegalese syrian syrien tchadien togolais togolese
"""
_NAMES = """
abron agni akan anyi arab arabe ashanti asante attie bambara baoule baule bissa dagari dagara
dagomba dioula dyula ewe fante frafra fulani fulbe gio gouro gourounsi guere gurunsi haoussa hausa
igbo jula konkomba koulango kpelle krahn krobo kru lobi malinke mandingo mandingue mossi peul peule
peulh senoufo songhai soussou touareg wobe wolof yacouba yoruba zabarma zarma
"""
_NATIONS = tuple(_BEGINNINGS.split())
_PEOPLES = frozenset(_NAMES.split())


def names_origin(word: str) -> bool:
    """Tell whether a folded word is one for somebody's nation or people."""
    return word.startswith(_NATIONS) or word in _PEOPLES or word.removesuffix("s") in _PEOPLES
