"""Messages made up of the words of a language in any order: what is written in it looks like that.

The learned layer of the safety screen is taught what a danger is in French and English alone. So
that it does not take the unknown letters of Dioula or Twi for one (one in ten such messages, had it
never seen any), it sees harmless ones. What is a danger there, the patterns tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

_LONGEST = 10


def made_up_messages(
    words: Mapping[str, int], without: Collection[str], number: int, random: np.random.Generator
) -> Iterator[str]:
    """Yield so many messages of up to ten words.

    Args:
        words: how much each word of the language counts.
        without: words that are not to stand in any.
        number: how many messages.
        random: what is drawn from.
    """
    kept = [word for word in words if word not in without]
    counts = np.array([words[word] for word in kept], float)
    for length in random.integers(1, _LONGEST + 1, number):
        yield " ".join(random.choice(kept, length, p=counts / counts.sum()))
