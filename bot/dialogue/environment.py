"""What must stand in the environment before Rasa, numpy or TensorFlow is first imported."""

from __future__ import annotations

import os

_VARIABLES = {
    "RASA_TELEMETRY_ENABLED": "false",
    # Rasa's training cache misses what a component imports, and writes into the current folder.
    "RASA_MAX_CACHE_SIZE": "0",
    # A message is small: a pool of threads costs it more than it gives.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # No progress bars over training data: they fill a log and say nothing.
    "LOG_LEVEL": "WARNING",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def prepare_environment() -> None:
    """Set the variables that are not set already."""
    for name, value in _VARIABLES.items():
        os.environ.setdefault(name, value)
