"""What a turn costs, side by side with stock Rasa: ``make benchmark``."""
