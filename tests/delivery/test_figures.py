"""What workers count reaches the web role, whichever machine they are on, and nothing twice."""

import pytest
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.db.tables import figure
from bot.delivery.figures import Figures
from bot.delivery.metrics import Metrics
from bot.health import build_health


class Worker:
    """A process that takes turns."""

    def __init__(self, database):
        self.database = database
        self.metrics = Metrics()
        self.figures = Figures(self.metrics)

    def take(self, *seconds):
        for each in seconds:
            self.metrics.turn_seconds.observe(each)

    def hand_over(self):
        with self.database.write() as connection:
            counted = self.figures.hand_over(connection)
        self.figures.settle(counted)


@pytest.fixture
def own():
    """What the web role counts itself."""
    return Metrics()


@pytest.fixture
def shown(database, now, own):
    """Give a function that reads the web role's figures, by name."""
    web = Starlette(routes=build_health(database, own, "secret", clock=lambda: now))
    client = TestClient(web)

    def read():
        page = client.get("/metrics", headers={"Authorization": "Bearer secret"})
        assert page.status_code == 200
        lines = [line for line in page.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return read


def test_before_any_turn_there_are_zeroes(shown):
    assert shown()["akoma_turn_seconds_count"] == 0
    assert shown()["akoma_turn_failures_total"] == 0


def test_figures_are_those_that_the_worker_itself_would_show(database, shown):
    worker = Worker(database)
    worker.take(0.004, 0.03, 0.03, 9)
    worker.metrics.turn_failures.inc()
    worker.hand_over()
    lines = generate_latest(worker.metrics.shared).decode().splitlines()
    own = [line for line in lines if not line.startswith("#") and "_created" not in line]
    assert len(own) == 12
    assert (
        shown().items()
        >= {name: float(value) for name, value in (line.rsplit(" ", 1) for line in own)}.items()
    )


def test_workers_add_up_and_nothing_counts_twice(database, shown):
    one, other = Worker(database), Worker(database)
    one.take(0.5, 0.25)
    one.hand_over()
    one.hand_over()
    other.take(1)
    other.hand_over()
    assert (shown()["akoma_turn_seconds_count"], shown()["akoma_turn_seconds_sum"]) == (3, 1.75)


def test_a_worker_that_starts_anew_goes_on_from_there(database, shown):
    for _ in range(2):
        worker = Worker(database)
        worker.take(0.5)
        worker.hand_over()
    assert shown()["akoma_turn_seconds_count"] == 2


def test_what_was_not_committed_is_handed_over_later(database, shown):
    worker = Worker(database)
    worker.take(0.5)
    with pytest.raises(OSError, match="gone"), database.write() as connection:
        worker.figures.hand_over(connection)
        raise OSError("gone")
    assert shown()["akoma_turn_seconds_count"] == 0
    worker.hand_over()
    assert shown()["akoma_turn_seconds_count"] == 1


def test_what_both_send_adds_up_by_channel(database, shown, own):
    own.sent.labels("telegram").inc(2)
    worker = Worker(database)
    worker.metrics.sent.labels("telegram").inc()
    worker.metrics.sent.labels("whatsapp").inc()
    worker.hand_over()
    assert shown()['akoma_messages_sent_total{channel="telegram"}'] == 3
    assert shown()['akoma_messages_sent_total{channel="whatsapp"}'] == 1


def test_without_the_rows_the_process_still_shows_its_own(database, shown, own):
    own.sent.labels("telegram").inc()
    figure.drop(database.engine)
    try:
        assert shown()['akoma_messages_sent_total{channel="telegram"}'] == 1
    finally:
        with database.write() as connection:
            figure.create(connection)
