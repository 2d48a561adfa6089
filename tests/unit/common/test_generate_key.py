"""Making keys, and never losing one."""

import base64
import stat
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management.base import CommandError

from common.keys import (
    new_key_line,
    parse_keys,
)
from trackers.management.commands.generate_key import Command


def run_generate(*args):
    out = StringIO()
    parser = Command().create_parser("manage.py", "generate_key")
    options = vars(parser.parse_args(list(args)))
    Command(stdout=out).handle(**options)
    return out.getvalue()


def test_generate_key_prints_a_fresh_usable_line():
    first, second = run_generate(), run_generate()
    assert first != second
    assert len(parse_keys(first, where="X")) == 1
    assert list(parse_keys(run_generate("--id", "2027"), where="X")) == ["2027"]


def test_generate_key_writes_a_private_file_and_never_overwrites(tmp_path):
    file = tmp_path / "master.key"
    out = run_generate("--file", str(file))
    before = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"HERALD_MASTER_KEY_FILE={file}" in out
    assert before.partition(":")[2].strip() not in out
    with pytest.raises(CommandError, match="never overwritten"):
        run_generate("--file", str(file))
    assert file.read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_generate_key_refuses_an_odd_id_and_a_missing_folder(tmp_path):
    with pytest.raises(CommandError, match="is no key id"):
        run_generate("--id", "a$b")
    with pytest.raises(CommandError, match="Choose a folder"):
        run_generate("--file", "/proc/none/key")


def test_processes_that_create_the_same_file_agree_on_one_key(tmp_path):
    code = (
        "import sys; from pathlib import Path; from common.keys import *\n"
        "print(load_ring(KeySources(file=sys.argv[1], create=True), Path('/x')).first)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "key")]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_a_new_key_line_has_32_fresh_bytes():
    line = new_key_line("x")
    assert len(base64.b64decode(line.partition(":")[2])) == 32
