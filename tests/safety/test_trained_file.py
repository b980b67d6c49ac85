"""The trained file of the screen: what is stored is read again, and it is never silently absent."""

from __future__ import annotations

import numpy as np
import pytest

from bot.safety.screen import load_screen
from bot.safety.trained_file import TRAINED_SCREEN, NotTrained, TrainedScreen, load_trained_screen


@pytest.fixture(scope="module")
def trained(trained_screen) -> TrainedScreen:
    return load_trained_screen(trained_screen)


@pytest.fixture
def file(trained, tmp_path):
    path = tmp_path / f"{TRAINED_SCREEN.prefix}x{TRAINED_SCREEN.suffix}"
    trained.save(path)
    return path


def test_what_was_stored_is_read_again(trained, file):
    read = TrainedScreen.load(file)
    for stored, again in (
        (trained.respelling.arrays, read.respelling.arrays),
        (trained.model.arrays, read.model.arrays),
    ):
        assert stored.keys() == again.keys()
        for name, array in stored.items():
            assert np.array_equal(array, again[name]), name


def test_a_screen_without_its_trained_file_is_refused(tmp_path):
    with pytest.raises(NotTrained):
        load_screen(tmp_path)


def test_a_file_trained_for_other_code_is_refused(file):
    with np.load(file) as stored:
        arrays = {name: stored[name] for name in stored.files}
    np.savez(file, **{**arrays, "reads": np.array("another")})
    with pytest.raises(NotTrained):
        load_screen(file.parent)
