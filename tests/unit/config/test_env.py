"""What the environment may say, and the one line for what it may not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from config import env

ROOT = Path(__file__).resolve().parents[3]
NAME = "HERALD_OF_A_TEST"
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture
def says(monkeypatch):
    """Set the variable, or another."""

    def put(value, name=NAME):
        monkeypatch.setenv(name, value)

    return put


def put(value):
    os.environ[NAME] = value


# --- Values -----------------------------------------------------------------------


@given(TEXTS)
def test_a_text_is_taken_as_it_stands(value):
    put(value)
    try:
        assert env.text(NAME, "other") == value
    finally:
        del os.environ[NAME]


def test_a_dollar_refers_to_nothing(says):
    says("$HOME$and more")
    assert env.secret(NAME) == "$HOME$and more"


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_words_that_mean_yes(word, says):
    says(word)
    assert env.boolean(NAME, False) is True


@pytest.mark.parametrize("word", ["0", "False", "no", "OFF"])
def test_words_that_mean_no(word, says):
    says(word)
    assert env.boolean(NAME, True) is False


@pytest.mark.parametrize("default", [True, False])
def test_an_empty_switch_is_not_set(default, says):
    says("")
    assert env.boolean(NAME, default) is default


@given(TEXTS)
def test_a_number_is_within_its_bounds_or_refused(value):
    put(value)
    try:
        number = env.integer(NAME, 7, at_least=3, at_most=9)
    except ImproperlyConfigured as exc:
        assert str(exc) == (
            f"{NAME} in the environment must be a whole number from 3 to 9; change or "
            "remove it."
        )
    else:
        assert 3 <= number <= 9
    finally:
        del os.environ[NAME]


def test_words_are_cut_at_commas(says):
    assert env.words(NAME, ["a"]) == ["a"]
    says(" one, ,two,")
    assert env.words(NAME, ["a"]) == ["one", "two"]
    says("")
    assert env.words(NAME, ["a"]) == []


@given(TEXTS)
def test_times_are_never_negative_nor_endless(value):
    put(value)
    try:
        times = env.seconds(NAME, [3, 10])
    except ImproperlyConfigured as exc:
        assert "seconds such as 3,10,30" in str(exc)
    else:
        assert times
        assert all(0 <= time <= 10**9 for time in times)
    finally:
        del os.environ[NAME]


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "3,-1", "x", "3;4"])
def test_times_that_are_none_are_refused(value, says):
    says(value)
    with pytest.raises(ImproperlyConfigured, match="seconds such as"):
        env.seconds(NAME, [3])


def test_a_path_is_absolute(says):
    says("~/herald")
    assert env.path(NAME, Path("/x")) == Path.home() / "herald"
    says("")
    assert env.path(NAME, Path("/x")) == Path("/x")
    for value in ("here", "~nobody-of-that-name/x"):
        says(value)
        with pytest.raises(ImproperlyConfigured, match="an absolute path"):
            env.path(NAME, Path("/x"))


@pytest.mark.parametrize(
    "value", ["Mars/Base", "../../etc/passwd", "/etc", "\\", "a b"]
)
def test_a_zone_must_exist(value, says):
    says("Europe/Vienna")
    assert env.zone(NAME, "UTC") == "Europe/Vienna"
    says(value)
    with pytest.raises(ImproperlyConfigured, match="a time zone such as"):
        env.zone(NAME, "UTC")


def test_a_secret_may_stand_in_a_file(says, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n", encoding="utf-8")
    says("from the variable")
    assert env.secret(NAME) == "from the variable"
    says(str(file), f"{NAME}_FILE")
    assert env.secret(NAME) == "from the file"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_stops_the_start(content, says, tmp_path):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    says(str(file), f"{NAME}_FILE")
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE in the environment"):
        env.secret(NAME)


@pytest.mark.parametrize(
    ("value", "engine"),
    [
        ("sqlite:////srv/herald.sqlite3", "sqlite3"),
        ("postgres://herald:p%40ss@db.internal:5433/herald", "postgresql"),
        ("postgresql://herald@/herald", "postgresql"),
    ],
)
def test_databases_that_herald_speaks(value, engine, says):
    says(value)
    assert env.database(NAME, "")["ENGINE"].endswith(engine)


@pytest.mark.parametrize("value", ["sqlite://", "sqlite:///", "sqlite://:memory:"])
def test_a_database_in_memory_is_refused(value, says):
    """Each worker, a process of its own, would have another one."""
    says(value)
    with pytest.raises(ImproperlyConfigured, match="with a file"):
        env.database(NAME, "sqlite:////x")


@pytest.mark.parametrize(
    "value",
    [
        "mysql://herald:hunter2hunter2@db/herald",
        "nonsense://herald:hunter2hunter2@db/herald",
        "hunter2hunter2",
        "postgres://",
        "postgres://herald:hunter2hunter2@db:port/herald",
        "postgres://[hunter2hunter2",
    ],
)
def test_a_database_that_makes_no_sense_is_refused_without_its_password(
    value, says, recwarn, capfd
):
    says(value)
    with pytest.raises(ImproperlyConfigured, match="sqlite:///path or a URL") as no:
        env.database(NAME, "sqlite:////x")
    assert "hunter2" not in str(no.value)
    assert not recwarn.list
    assert "hunter2" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "value", ["ftp://x", "http://", "http://[", "http://x:port", "x", "http://x:0"]
)
def test_an_address_needs_scheme_and_host(value, says):
    says(value)
    with pytest.raises(ImproperlyConfigured, match="a URL that begins with http or"):
        env.url(NAME, "", schemes=("http", "https"))


def test_an_empty_address_switches_off(says):
    says("")
    assert env.url(NAME, "https://x.invalid", schemes=("https",)) == ""


# --- The start --------------------------------------------------------------------


def start(*arguments, settings="config.settings.test", **variables):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, **variables}
    return subprocess.run(
        [sys.executable, *(arguments or ("manage.py", "check"))],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HERALD_WORKERS", "many"),
        ("HERALD_TASK_TIMEOUT", "5"),
        ("HERALD_TASK_TIMEOUT", "494"),
        ("HERALD_TIME_ZONE", "Mars/Base"),
        ("HERALD_LOG_LEVEL", "LOUD"),
        ("HERALD_SETTLE_LOOKS", "soon"),
        ("HERALD_DATA_DIR", "here"),
        ("HERALD_AUDNEXUS_URL", "nowhere"),
        ("BROKER_URL", "amqp://x"),
        ("DATABASE_URL", "mysql://a:hunter2hunter2@b/c"),
        ("HERALD_SECRET_KEY_FILE", "/nowhere"),
    ],
)
def test_a_value_that_does_not_parse_stops_the_start_with_one_line(name, value):
    found = start(**{name: value})
    assert found.returncode == 1
    assert found.stdout == ""
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"Herald cannot start: {name} in the environment must be ")
    assert value not in line or value in ("many", "5", "soon", "here", "/nowhere")


def test_the_web_server_stops_with_one_line_too():
    found = start("-c", "import config.wsgi", HERALD_WORKERS="many")
    assert found.returncode == 3, "gunicorn would start it again and again otherwise"
    (line,) = found.stderr.splitlines()
    assert line.startswith("Herald cannot start: HERALD_WORKERS")


def test_the_web_server_does_not_start_without_a_usable_master_key(tmp_path):
    wide = tmp_path / "wide.key"
    wide.write_text("k1:" + "A" * 43 + "=\n")
    wide.chmod(0o644)
    production = {
        "settings": "config.settings.prod",
        "HERALD_SECRET_KEY": "x" * 50,
        "HERALD_DATA_DIR": str(tmp_path),
    }
    for keys, says in (
        ({"HERALD_MASTER_KEY": "garbage-planted"}, "Key 1 in HERALD_MASTER_KEY"),
        ({"HERALD_MASTER_KEY_FILE": str(wide)}, "chmod 600"),
        ({"HERALD_MASTER_KEY_FILE": str(tmp_path / "no")}, "cannot be read"),
        ({}, "No master key is configured"),
    ):
        found = start("-c", "import config.wsgi", **production, **keys)
        assert found.returncode == 3
        (line,) = found.stderr.splitlines()
        assert line.startswith("Herald cannot start: ")
        assert says in line
        assert "planted" not in line


def test_production_needs_a_secret_key(tmp_path):
    found = start(
        settings="config.settings.prod",
        HERALD_SECRET_KEY="short",
        HERALD_DATA_DIR=str(tmp_path),
    )
    assert found.returncode == 1
    (line,) = found.stderr.splitlines()
    assert "HERALD_SECRET_KEY (or HERALD_SECRET_KEY_FILE)" in line
    assert "short" not in line
