"""Folders to scan, and a process without a superuser's rights."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def library(tmp_path):
    """An empty folder that counts as a library."""
    root = tmp_path / "library"
    root.mkdir()
    return root


@pytest.fixture
def book(library):
    """A release of two files in it."""
    folder = library / "Book"
    folder.mkdir()
    (folder / "1.mp3").write_bytes(b"one")
    (folder / "2.mp3").write_bytes(b"second")
    return folder


@contextmanager
def _unprivileged():
    """Rights count inside, also when the tests run as root, whom nothing stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def unprivileged():
    """A context in which the rights of files count."""
    return _unprivileged


@pytest.fixture
def open_library():
    """A library that everybody may enter; pytest's own folders are its user's only."""
    root = Path(tempfile.mkdtemp(prefix="herald-open-"))
    root.chmod(0o755)
    yield root
    for path in [root, *root.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(root)
