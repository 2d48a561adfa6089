"""Ctrl-C before a command has begun: one line, and the code that a shell expects."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import heed_ctrl_c

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)"


@pytest.mark.parametrize("command", ["upload", "check"])
def test_ctrl_c_while_it_loads_is_one_line(tmp_path, command):
    (tmp_path / "stopped_settings.py").write_text(SETTINGS)
    said = subprocess.run(
        [sys.executable, "manage.py", command, "/somewhere"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "stopped_settings",
            "PYTHONPATH": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        # A shell in the background lets its programs ignore Ctrl-C.
        preexec_fn=heed_ctrl_c,
    )
    assert (said.returncode, said.stdout, said.stderr) == (130, "", "Stopped.\n")
