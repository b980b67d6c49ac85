"""No search for garbage while much is read that stays."""

import gc

import pytest

from bot.garbage import uncollected


def test_nothing_is_collected_in_the_block_and_again_behind_it_whatever_happens():
    with pytest.raises(ValueError, match="malformed"), uncollected():
        assert not gc.isenabled()
        raise ValueError("malformed")
    assert gc.isenabled()


def test_whoever_had_switched_it_off_keeps_it_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
