"""Keys from the system's keyring: a stand-in package, as ours is optional."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.keys import (
    KeyRingError,
    KeySources,
    load_ring,
)
from tests.unit.common.vault_rows import key_line

KEYRING_PACKAGE = """
from keyring.backends import fail
{body}
"""


def run_with_keyring(tmp_path, body):
    """Loads a ring from the keyring in a process that has such a package."""
    package = tmp_path / "keyring"
    (package / "backends").mkdir(parents=True)
    (package / "backends" / "__init__.py").write_text("")
    (package / "backends" / "fail.py").write_text("class Keyring: pass\n")
    (package / "errors.py").write_text("class KeyringError(Exception): pass\n")
    (package / "__init__.py").write_text(KEYRING_PACKAGE.format(body=body))
    code = (
        "from pathlib import Path\n"
        "from common.keys import KeyRingError, KeySources, load_ring\n"
        "try: print(load_ring(KeySources(keyring=True), Path('/nowhere')))\n"
        "except KeyRingError as exc: print(exc)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path.cwd())])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_keys_come_from_the_system_keyring(tmp_path):
    out = run_with_keyring(
        tmp_path,
        "def get_keyring(): return object()\n"
        f"def get_password(service, entry): return {key_line('desk')!r} "
        "if (service, entry) == ('herald', 'master-key') else None\n",
    )
    assert out == "KeyRing(desk)\n"


def test_a_system_without_keyring_service_is_told_so(tmp_path):
    out = run_with_keyring(tmp_path, "def get_keyring(): return fail.Keyring()\n")
    assert "no keyring service" in out
    assert "HERALD_MASTER_KEY_FILE" in out


def test_an_empty_keyring_is_told_how_to_fill(tmp_path):
    out = run_with_keyring(
        tmp_path,
        "def get_keyring(): return object()\ndef get_password(s, e): return None\n",
    )
    assert "keyring set herald master-key" in out


def test_a_locked_keyring_is_told_so(tmp_path):
    out = run_with_keyring(
        tmp_path,
        "from keyring.errors import KeyringError\n"
        "def get_keyring(): return object()\n"
        "def get_password(s, e): raise KeyringError('locked')\n",
    )
    assert "Unlock it" in out


def test_a_missing_keyring_package_is_told_so(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyRingError, match="`keyring` is not installed"):
        load_ring(KeySources(keyring=True), tmp_path)
