"""A power cut: whatever the disk did not have yet is gone, and the work is done again, once.

A kill loses no commit; a power cut loses those that did not wait for the disk. The pretended disk
here is as bad as it may be: it has a commit only once the log was flushed for it or a later one.
The conversation is cut off after each of its commits and each flush, and begun again from what such
a disk holds, by processes that know nothing of what happened before.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from bot.db import log_file
from bot.db.engine import Database
from bot.db.tables import dialogue_state
from bot.delivery.turns import CLAIM_LASTS
from tests.conftest import KEYS
from tests.delivery.conftest import Desk, _enrolled
from tests.made_up import make_structure


@dataclass
class Moment:
    """What is sure at one moment: the disk's files, and what the world outside has seen.

    ``durable``: whether what was committed here waited for the disk before anything else was.
    """

    files: Path
    wrote: tuple[str, ...]
    acknowledged: bool
    accepted: int
    durable: bool = False


class Disk:
    """Watches the commits of a database, and keeps what a bad disk would hold after each."""

    def __init__(self, database: Database, file: Path, folder: Path, monkeypatch) -> None:
        self.moments: list[Moment] = []
        self.acknowledged = False
        self.accepted = lambda: 0
        self._file, self._folder = file, folder
        self._wrote: list[str] = []
        self._sure = self._copy("before")
        self._committing = False
        event.listen(database.engine, "before_cursor_execute", self._note)
        event.listen(database.engine, "commit", self._begin_commit)
        event.listen(database.engine.pool, "checkin", self._commit_returned)
        sync = log_file.sync
        monkeypatch.setattr(log_file, "sync", lambda opened: self._flush(sync, opened))

    def _note(self, _connection, _cursor, statement, *_rest) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            self._wrote.append(words[1] if words[0] == "UPDATE" else words[2])

    def _begin_commit(self, _connection) -> None:
        self._committing = True

    def _commit_returned(self, *_) -> None:
        if self._committing and self._wrote:
            self._keep(tuple(self._wrote))
        self._committing, self._wrote = False, []

    def _flush(self, sync, opened: int) -> None:
        sync(opened)
        if not os.path.samestat(os.fstat(opened), os.stat(f"{self._file}-wal")):
            return  # that of another life
        self._sure = self._copy(f"{len(self.moments)}")
        # Flushing the log flushes all that stands before in it too.
        self.moments[-1].durable = True
        self._keep(())

    def _keep(self, wrote: tuple[str, ...]) -> None:
        self.moments.append(Moment(self._sure, wrote, self.acknowledged, self.accepted()))

    def _copy(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True)
        for suffix in ("", "-wal"):
            part = Path(f"{self._file}{suffix}")
            if part.exists():
                shutil.copy(part, folder / f"akoma.db{suffix}")
        return folder


@pytest.fixture
def office(sqlite_database, tmp_path, screen, wording, now, monkeypatch):
    """Give a desk on a watched disk, with an enrolled boy."""
    with sqlite_database.write() as connection:
        make_structure(connection)
    desk = Desk(sqlite_database, screen, wording, now)
    boy = _enrolled(desk, "900", address_form="tu", case_number="0317")
    disk = Disk(sqlite_database, tmp_path / "akoma.db", tmp_path / "disk", monkeypatch)
    disk.accepted = lambda: len(desk.phone.accepted)
    return desk, boy, disk


@pytest.fixture
def restart(office, tmp_path, screen, wording):
    """Give a function that begins again on what the disk holds, when old claims have ended."""
    opened: list[Database] = []

    def again(moment: Moment) -> Desk:
        folder = tmp_path / f"life-{len(opened)}"
        shutil.copytree(moment.files, folder)
        opened.append(Database(f"sqlite:///{folder / 'akoma.db'}", KEYS))
        return Desk(opened[-1], screen, wording, office[0].now + CLAIM_LASTS)

    yield again
    for database in opened:
        database.close()


def _memories(desk: Desk) -> int:
    with desk.database.read() as connection:
        return connection.execute(select(func.count()).select_from(dialogue_state)).scalar_one()


async def _live_through(desk, message, disk=None) -> None:
    desk.take_in(message)
    if disk is not None:
        disk.acknowledged = True
    await desk.turns.run_waiting()
    await desk.sender.send_due()


@pytest.mark.parametrize("words", ["je suis au garage", "mon oncle me frappe chaque soir"])
async def test_cut_off_after_any_commit_everything_is_done_once(office, restart, words):
    desk, boy, disk = office
    message = desk.message(boy, words)
    await _live_through(desk, message, disk)
    assert len(desk.phone.accepted) == 1
    assert len(disk.moments) >= 3
    for moment in disk.moments:
        again = restart(moment)
        # The provider repeats what was not acknowledged, and may repeat what was.
        await _live_through(again, message)
        assert len(again.messages) == 1
        assert again.messages[0].done_at is not None or again.messages[0].answered_at_intake
        assert _memories(again) == (words == "je suis au garage")
        (reply,) = again.replies
        assert reply.state == "sent"
        assert len(again.alerts) == (words != "je suis au garage")
        sent = moment.accepted + len(again.phone.accepted)
        doubled = sum(
            sample.value
            for metric in again.metrics.uncertain_resends.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        )
        assert 1 <= sent <= 1 + doubled


async def test_a_message_is_acknowledged_and_a_turn_ends_only_on_the_disk(office):
    desk, boy, disk = office
    await _live_through(desk, desk.message(boy, "je suis au garage"), disk)
    commits = [moment for moment in disk.moments if moment.wrote]
    recorded = [moment for moment in commits if not moment.acknowledged]
    assert recorded
    assert all(moment.durable for moment in recorded)
    lost = [set(moment.wrote) for moment in commits if not moment.durable]
    # A claim, and nothing else: no message, no reply, no memory, no alert.
    assert lost
    assert all(tables <= {"conversation", "inbox"} for tables in lost)
    for moment in commits:
        if {"outbox", "dialogue_state", "alert", "audit"} & set(moment.wrote):
            assert moment.durable, moment.wrote


async def test_a_turn_waits_for_the_disk_before_its_reply_leaves(office):
    desk, boy, disk = office
    await _live_through(desk, desk.message(boy, "je suis au garage"), disk)
    sent = [moment for moment in disk.moments if moment.accepted]
    before = disk.moments[: disk.moments.index(sent[0])]
    assert all(moment.durable for moment in before if "outbox" in moment.wrote)
    assert any("outbox" in moment.wrote for moment in before)


async def test_a_claim_that_the_cut_undid_is_made_again(office, restart):
    desk, boy, disk = office
    desk.take_in(desk.message(boy, "je suis au garage"))
    assert desk.turns._claim()
    claimed = disk.moments[-1]
    assert not claimed.durable
    again = restart(claimed)
    assert again.talks[0].claimed_by is None
    assert again.messages[0].attempts == 0
    assert await again.turns.run_waiting() == 1
    assert await again.turns.run_waiting() == 0
    assert len(again.replies) == 1
