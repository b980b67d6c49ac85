"""Rasa's own test command agrees with the project's stories."""

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import PROJECT


def test_every_story_is_told_as_it_stands(trained_model, tmp_path):
    rasa = Path(sys.executable).with_name("rasa")
    tested = subprocess.run(
        [
            *(rasa, "test", "core", "--fail-on-prediction-errors"),
            *("--model", trained_model, "--stories", "tests/stories", "--out", tmp_path),
        ],
        cwd=PROJECT,
        # Loading a dialogue in this process hushes Rasa in those it begins, too.
        env={**os.environ, "LOG_LEVEL": "INFO"},
        capture_output=True,
        text=True,
    )
    assert tested.returncode == 0, tested.stderr[-2000:]
    assert "Correct:          8 / 8" in tested.stderr
