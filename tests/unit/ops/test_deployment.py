"""The Dockerfile and compose.yaml name things that exist."""

import re
import stat
from pathlib import Path

import pytest
import yaml

from common.keys import parse_keys
from config import env
from scripts.compose_init import prepare

ROOT = Path(__file__).resolve().parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SETTINGS = "".join(path.read_text() for path in (ROOT / "config").rglob("*.py"))


def copied():
    for line in DOCKERFILE.splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            yield from line.split()[1:-1]


def test_everything_the_image_copies_exists_and_is_sent_to_the_builder():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    for name in copied():
        assert (ROOT / name).exists(), name
        assert f"!{name.split('/')[0]}" in ignored, name


def test_every_app_is_in_the_image():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps <= set(copied())


def test_commands_are_in_exec_form():
    assert re.search(r'^CMD \["gunicorn", "config.wsgi"', DOCKERFILE, re.MULTILINE)
    for name, service in COMPOSE["services"].items():
        assert isinstance(service.get("command", []), list), name


def test_the_image_does_not_run_as_root():
    assert re.search(r"^USER herald$", DOCKERFILE, re.MULTILINE)


def test_every_secret_a_service_takes_is_declared_and_made(tmp_path):
    prepare(tmp_path, tmp_path)
    for name, service in COMPOSE["services"].items():
        for secret in service.get("secrets", []):
            assert secret in COMPOSE["secrets"], name
    for secret in COMPOSE["secrets"].values():
        path = tmp_path / secret["file"]
        assert path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_secret_stands_in_the_compose_file():
    for service in COMPOSE["services"].values():
        for name in service.get("environment", {}):
            assert not re.search(r"(PASSWORD|SECRET_KEY|DATABASE_URL)$", name)


def test_every_variable_for_herald_is_read_by_the_settings():
    for name in COMPOSE["x-herald"]["environment"]:
        known = {f'"{name}"', f'"{name.removesuffix("_FILE")}"'}
        assert any(text in SETTINGS for text in known), name


def test_the_health_check_is_let_in_under_every_host_name(monkeypatch):
    check = " ".join(COMPOSE["services"]["web"]["healthcheck"]["test"])
    host = re.search(r"http://([^:/]+)", check)
    assert host
    listed = COMPOSE["x-herald"]["environment"]["HERALD_ALLOWED_HOSTS"]
    for own in ("", "herald.example"):
        value = listed.replace("${HERALD_ALLOWED_HOSTS:-}", own)
        monkeypatch.setenv("HERALD_ALLOWED_HOSTS", value)
        assert host[1] in env.words("HERALD_ALLOWED_HOSTS", [])


def test_herald_gets_every_setting_from_the_file_that_is_made(prepared):
    for name in ("migrate", "web", "worker"):
        (file,) = COMPOSE["services"][name]["env_file"]
        assert (prepared / file["path"]).exists()
        assert file["required"] is False


def test_only_the_torrent_port_is_open_to_other_machines():
    for service in COMPOSE["services"].values():
        for port in service.get("ports", []):
            assert port.startswith(("127.0.0.1:", "6881:"))


@pytest.fixture
def prepared(tmp_path):
    prepare(tmp_path, tmp_path / "media")
    return tmp_path


def test_preparing_again_keeps_every_key(prepared):
    before = {path: path.read_text() for path in (prepared / "secrets").iterdir()}
    prepare(prepared, prepared / "other")
    assert {path: path.read_text() for path in before} == before
    assert f"HERALD_MEDIA={prepared / 'media'}\n" in (prepared / ".env").read_text()


def test_the_database_url_holds_the_database_password(prepared):
    password = (prepared / "secrets/database_password").read_text()
    assert f":{password}@database:" in (prepared / "secrets/database_url").read_text()


def test_the_master_key_is_one_that_herald_reads(prepared):
    text = (prepared / "secrets/master_key").read_text()
    assert list(parse_keys(text, where="secrets/master_key")) == ["first"]
