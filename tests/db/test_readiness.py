"""Whether a database can be worked with."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.db.readiness import newest_migration
from bot.settings import PROJECT


def test_the_newest_migration_is_the_one_that_alembic_would_end_at():
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "bot" / "db" / "migrations"))
    assert newest_migration() == ScriptDirectory.from_config(config).get_current_head()
