"""Logs: ours as they are, of libraries only where they come from."""

import io
import json
import logging
import warnings

import pytest
import structlog

from bot.logs import configure_logging

SECRET = "Kouadio a peur de son oncle"


@pytest.fixture
def lines():
    """Configure logging onto a stream, and give what it wrote as dictionaries."""
    root = logging.getLogger()
    before, level, configuration = root.handlers[:], root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logging(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.captureWarnings(False)
    structlog.configure(**configuration)
    root.handlers[:] = before
    root.setLevel(level)


def test_our_events_are_json_lines(lines):
    structlog.get_logger("bot.delivery.turns").info("turn failed", inbox_id=7)
    logging.getLogger("bot.app").info("as the standard library logs")
    first, second = lines()
    assert (first["event"], first["inbox_id"], first["level"]) == ("turn failed", 7, "info")
    assert second["event"] == "as the standard library logs"


@pytest.mark.parametrize("name", ["rasa.core.processor", "rasa", "httpx", "aiohttp.server"])
def test_of_a_librarys_record_only_the_place_is_kept(lines, name):
    logger = logging.getLogger(name)
    logger.info("%s", SECRET)
    logger.warning(f"Failed to parse {SECRET}", stack_info=True)
    (line,) = lines()
    assert SECRET not in json.dumps(line, ensure_ascii=False)
    assert line["logger"] == name
    assert "test_logs.py:" in line["event"]


def test_of_a_librarys_structured_event_only_its_name_is_kept(lines):
    logger = structlog.get_logger("rasa.core.nlg.interpolator")
    logger.debug("slots.log", slot_values=SECRET)
    logger.warning("message.parsing.failed", user_text=SECRET)
    (line,) = lines()
    assert line["event"] == "message.parsing.failed"
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_a_logger_from_before_is_looked_at_though_logging_was_configured_again(lines):
    logger = structlog.get_logger("bot.worker")
    logger.info("before")
    configure_logging(io.StringIO())
    with structlog.testing.capture_logs() as seen:
        logger.info("after")
    assert [entry["event"] for entry in seen] == ["after"]


def test_of_an_exception_the_class_and_the_path_are_kept_and_no_word_or_local(lines):
    text = SECRET
    for logger in (structlog.get_logger("bot.worker"), logging.getLogger("asyncio")):
        try:
            raise ValueError(text)
        except ValueError:
            logger.exception("it broke")
    for line in lines():
        assert SECRET not in json.dumps(line, ensure_ascii=False)
        assert line["error"] == "ValueError"
        assert "test_logs.py" in line["path"][-1]


def test_an_operator_reads_that_the_port_is_taken(lines):
    server = logging.getLogger("uvicorn.error")
    server.setLevel(logging.NOTSET)  # the servers of other tests are told to be silent
    server.error("address already in use")
    (line,) = lines()
    assert line["event"] == "address already in use"


def test_warnings_are_written_nowhere(lines, capfd):
    warnings.warn(SECRET, stacklevel=1)
    assert lines() == []
    assert SECRET not in "".join(capfd.readouterr())
