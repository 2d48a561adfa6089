"""Log lines: readable by people or machines, and never with a secret."""

import json
import logging
import logging.config
import subprocess
import sys
from urllib.parse import quote

import pytest
import structlog

from common.logs import logging_config
from common.redact import MASK, remember_secret

SECRET = "planted/secret value"


@pytest.fixture
def logged(capsys):
    """Configures logging as the settings do; gives what was written since."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)

    def configure(*, json_lines=True, level="INFO"):
        logging.config.dictConfig(logging_config(level, json_lines=json_lines))

        def written():
            return capsys.readouterr().err

        return written

    yield configure
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


class Opaque:
    """An object whose str holds the secret."""

    def __str__(self):
        return f"opaque {SECRET}"


def fail():
    """Raises with the secret in text, notes, cause and source of the error."""
    try:
        raise KeyError(SECRET)
    except KeyError as exc:
        error = ValueError(f"https://t.example/announce/{SECRET}")
        error.add_note(f"note {SECRET}")
        raise error from exc


def log_everything(logger):
    """The secret in each place a log call has."""
    logger.info("message %s", SECRET)
    logger.info("message %(a)s", {"a": SECRET})
    logger.info("percent %s", quote(SECRET, safe=""))
    logger.info(Opaque())
    logger.info("shaped like one: GET /x?auth=abcdefgh", stack_info=True)
    logger.info("object %s", Opaque())
    try:
        fail()
    except ValueError:
        logger.exception("failed with %s", SECRET)


@pytest.mark.parametrize("json_lines", [True, False])
def test_no_part_of_a_record_shows_a_secret(logged, json_lines):
    remember_secret(SECRET)
    written = logged(json_lines=json_lines)
    plain = logging.getLogger("herald.test")
    log_everything(plain)
    plain.info(
        "extras", extra={"where": SECRET, SECRET: 1, "deep": {"a": [SECRET, Opaque()]}}
    )
    plain.info("named", extra={"api_key": "abc", "headers": {"Cookie": "a=b"}})
    structured = structlog.get_logger("herald.test")
    log_everything(structured)
    structured.info("event", where=SECRET, api_key="abc", deep={"b": (Opaque(),)})
    structured.bind(bound=SECRET).warning("bound")
    with structlog.contextvars.bound_contextvars(context=SECRET):
        structured.info("context")
        plain.info("context")
    out = written()
    assert out.count(MASK) > 20
    assert "Traceback" in out
    for part in (SECRET, "planted", "secret value", "abcdefgh", '"abc"', "a=b"):
        assert part not in out


def test_json_lines_are_json_with_the_usual_keys(logged):
    written = logged()
    logging.getLogger("herald.test").warning("a\nb %s", "c", extra={"upload": 7})
    structlog.get_logger("herald.test").info("done", seconds=1.5, ok=True, none=None)
    plain, structured = (json.loads(line) for line in written().splitlines())
    assert plain["event"] == "a\nb c"
    assert (plain["level"], plain["logger"]) == ("warning", "herald.test")
    assert plain["upload"] == 7
    assert plain["timestamp"].endswith("Z")
    assert structured["event"] == "done"
    assert (structured["seconds"], structured["ok"]) == (1.5, True)
    assert structured["none"] is None


def test_the_level_is_kept(logged):
    written = logged(level="WARNING")
    logging.getLogger("herald.test").info("quiet")
    structlog.get_logger("herald.test").info("quiet")
    logging.getLogger("urllib3.connectionpool").info("quiet")
    assert written() == ""


def test_chatty_libraries_stay_quiet_even_when_all_is_asked_for(logged):
    written = logged(level="DEBUG")
    logging.getLogger("urllib3.connectionpool").debug("GET /secret")
    logging.getLogger("herald.test").debug("loud")
    assert "loud" in (out := written())
    assert "GET" not in out


@pytest.mark.parametrize("name", ["django.request", "django-q", "gunicorn.access"])
def test_libraries_write_through_the_same_handler_once(logged, name):
    written = logged()
    logging.getLogger(name).error("GET /x?auth=%s", "abcdefgh")
    (line,) = written().splitlines()
    assert json.loads(line)["event"] == f"GET /x?auth={MASK}"


def test_a_record_that_cannot_be_written_is_named_but_not_shown(logged):
    remember_secret(SECRET)
    written = logged()
    logging.getLogger("herald.test").info("%d", SECRET)
    out = written()
    assert "A log record of herald.test" in out
    assert "planted" not in out


def test_an_uncaught_error_in_a_thread_of_the_app_is_a_redacted_line():
    """The whole way in a process of its own, with the settings' own LOGGING."""
    code = (
        "import django, logging; django.setup()\n"
        "from common import vault\n"
        "vault.encrypt_json({'k': 'planted-secret'}, context='a.b.c')\n"
        "logging.getLogger('herald').error('x %s', 'planted-secret')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "planted" not in done.stderr
    assert MASK in done.stderr
