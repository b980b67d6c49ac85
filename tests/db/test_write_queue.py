"""Those who write to one SQLite file queue: one at a time, whichever process they are in."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from bot.db.write_queue import WriteQueue

_HOLD = """
import sys, time
from bot.db.write_queue import WriteQueue
with WriteQueue(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "akoma.db")


def _try_to_enter(queue):
    """Return an event that is set once another thread has its turn in the queue."""
    entered = threading.Event()

    def enter():
        with queue:
            entered.set()

    threading.Thread(target=enter, daemon=True).start()
    return entered


@pytest.mark.parametrize("same", [True, False])
def test_the_second_one_waits_for_the_first(path, same):
    first = WriteQueue(path)
    second = first if same else WriteQueue(path)
    with first:
        entered = _try_to_enter(second)
        assert not entered.wait(0.1)
    assert entered.wait(10)


def test_without_a_file_threads_queue_all_the_same():
    queue = WriteQueue(None)
    with queue:
        entered = _try_to_enter(queue)
        assert not entered.wait(0.1)
    assert entered.wait(10)


def test_a_process_that_dies_in_the_queue_leaves_it(path):
    command = [sys.executable, "-c", _HOLD, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        entered = _try_to_enter(WriteQueue(path))
        assert not entered.wait(0.1)
        os.kill(holder.pid, signal.SIGKILL)
        assert entered.wait(10)


def test_what_fails_within_frees_the_queue(path):
    queue = WriteQueue(path)
    with pytest.raises(KeyError), queue:
        raise KeyError
    assert _try_to_enter(queue).wait(10)
