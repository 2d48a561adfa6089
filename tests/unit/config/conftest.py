"""Fixtures of the project's own tests."""

import pytest

from releases.services.covers import covers_dir


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "herald.tar.gz"


@pytest.fixture
def covers(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    (covers_dir() / "1.jpg").write_bytes(b"a picture")
    return covers_dir()
