"""A worker's sign of life, and what it has counted with it."""

from sqlalchemy import select

from bot.db.tables import figure, lease
from bot.delivery.figures import Figures
from bot.delivery.metrics import Metrics
from bot.health import readiness
from bot.worker import Heartbeat


def _counted(database):
    with database.read() as connection:
        query = select(figure.c.value).where(figure.c.name == "akoma_turn_failures_total")
        return connection.execute(query).scalar_one_or_none()


def test_a_worker_shows_as_starting_ready_and_gone_and_hands_its_figures_over(database, now):
    metrics = Metrics()
    heartbeat = Heartbeat(database, "here-1", Figures(metrics), lambda: now)
    assert readiness(database, now)[1]["dialogue"] == "down"
    heartbeat.start()
    assert readiness(database, now)[1]["dialogue"] == "starting"
    metrics.turn_failures.inc()
    heartbeat.ready()
    assert readiness(database, now) == (200, {"database": "ok", "dialogue": "ready"})
    assert _counted(database) == 1
    metrics.turn_failures.inc()
    heartbeat.stop()
    assert readiness(database, now)[1]["dialogue"] == "down"
    assert _counted(database) == 2
    with database.read() as connection:
        held = select(lease.c.holder).where(lease.c.name == "worker:here-1")
        assert connection.execute(held).scalar_one_or_none() is None
