"""Understanding and the safety screen on messages nobody trained on: ``make evaluate``."""
