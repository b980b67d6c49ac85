"""``python -m bot``."""

import sys

from bot.commands import app
from bot.commands.usage import run

if __name__ == "__main__":
    sys.exit(run(app))
