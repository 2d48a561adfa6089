"""A library of plain files: preparing reads, hashes and drafts them for nobody."""

import pytest

from releases.models import Library, WatchFolder
from releases.services.ingest import release_create
from releases.services.prepare import release_prepare


@pytest.fixture
def library(db, tmp_path):
    root = tmp_path / "library"
    root.mkdir()
    return Library.objects.create(name="Books", path=str(root))


@pytest.fixture
def folder(library, tmp_path):
    """Two files that are audio by name only."""
    path = tmp_path / "library" / "Ann Author - A Title (2001)"
    path.mkdir()
    (path / "01.mp3").write_bytes(b"no audio" * 1000)
    (path / "02.mp3").write_bytes(b"none either" * 1000)
    return path


@pytest.fixture
def prepare():
    """Prepare a path, or a release again, as a worker does."""

    def run(what, **wishes):
        release = (
            what if hasattr(what, "pk") else release_create(path=str(what), **wishes)
        )
        assert release_prepare(release.pk)
        release.refresh_from_db()
        return release

    return run


@pytest.fixture
def watch(library):
    return WatchFolder.objects.create(library=library)
