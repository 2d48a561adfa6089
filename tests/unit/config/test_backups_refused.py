"""What is no backup, or does not fit, is refused before anything is touched."""

import io
import json
import tarfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from common.worker import worker_id
from config.backups.archive import backup_make, opened
from config.backups.dumps import BackupError
from config.backups.restoring import backup_restore
from releases.models import Release
from tests import factories
from uploads.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


def forged(path, **files):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def repacked(archive, target, **changes):
    with opened(archive) as (_, folder):
        manifest = json.loads((folder / "manifest.json").read_text()) | changes
        return forged(
            target,
            **{
                "manifest.json": json.dumps(manifest).encode(),
                "database": (folder / "database").read_bytes(),
            },
        )


def refused(path, *, replace=True):
    before = list(Release.objects.values("pk", "title"))
    with pytest.raises(BackupError) as caught:
        backup_restore(path, replace=replace)
    assert list(Release.objects.values("pk", "title")) == before
    return caught.value.message


def test_what_is_no_backup_is_refused(tmp_path, archive, covers):
    factories.ReleaseFactory()
    backup_make(archive)
    whole = archive.read_bytes()
    (tmp_path / "text").write_text("not an archive")
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    with tarfile.open(tmp_path / "link", "w:gz") as link:
        member = tarfile.TarInfo("database")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        link.addfile(member)
    bad = [
        tmp_path / "text",
        tmp_path / "cut",
        tmp_path / "link",
        forged(tmp_path / "outside", **{"../outside": b"x"}),
        forged(tmp_path / "hidden", **{"covers/../../x.jpg": b"x"}),
        forged(tmp_path / "empty"),
        forged(tmp_path / "odd", **{"manifest.json": b"[1]"}),
        forged(tmp_path / "fields", **{"manifest.json": b'{"format": 1}'}),
        forged(tmp_path / "deep", **{"manifest.json": b"[" * 100_000}),
        repacked(archive, tmp_path / "lists", migrations=["0001_initial"]),
        repacked(archive, tmp_path / "names", migrations={"releases": [[]]}),
    ]
    for path in bad:
        assert "is no backup of Herald's, or it is damaged" in refused(path), path
    assert "cannot be read" in refused(tmp_path / "absent")
    assert not list(tmp_path.glob(".herald-restore-*"))


def test_what_cannot_fit_is_refused_before_anything_is_touched(
    tmp_path, archive, covers
):
    factories.ReleaseFactory()
    backup_make(archive)
    newer = {"uploads": ["0001_first_models", "9999_from_the_future"]}
    for changes, sentence in (
        ({"format": 2}, "The backup has format 2"),
        ({"database": "oracle"}, "The backup is of oracle"),
        ({"migrations": newer}, "made by a newer Herald"),
    ):
        path = repacked(archive, tmp_path / sentence.replace(" ", "-"), **changes)
        assert sentence in refused(path)
    assert "1 releases. They would be replaced" in refused(archive, replace=False)
    Heartbeat.objects.create(worker=worker_id(), seen_at="2099-01-01T00:00:00Z")
    assert "A worker is running" in refused(archive)


def test_a_damaged_database_changes_nothing(tmp_path, archive, covers):
    factories.ReleaseFactory()
    backup_make(archive)
    with opened(archive) as (_, folder):
        manifest = (folder / "manifest.json").read_bytes()
    path = forged(
        tmp_path / "damaged", **{"manifest.json": manifest, "database": b"no" * 5000}
    )
    message = refused(path)
    assert "could not be copied" in message or "nothing was changed" in message


def test_a_backup_overwrites_nothing_and_leaves_nothing_behind(tmp_path, archive):
    archive.write_text("mine")
    with pytest.raises(BackupError, match="never overwritten"):
        backup_make(archive)
    assert archive.read_text() == "mine"
    with pytest.raises(BackupError, match="cannot be written"):
        backup_make(tmp_path / "no" / "folder" / "x.tar.gz")
    assert sorted(p.name for p in tmp_path.iterdir()) == [archive.name]


def test_missing_keys_are_named(archive, covers, settings):
    factories.CredentialFactory()
    backup_make(archive)
    settings.HERALD_KEYS = {"text": "other:" + "B" * 43 + "="}
    with pytest.raises(CommandError, match="need the master keys test"):
        call_command("restore", str(archive), "--replace", stdout=io.StringIO())
    settings.HERALD_KEYS = {}
    assert backup_restore(archive, replace=True).missing_keys == ["test"]


def test_covers_that_find_no_place_are_told_after_the_database(archive, covers):
    factories.ReleaseFactory(title="Then")
    backup_make(archive)
    Release.objects.update(title="Now")
    (covers / "in-the-way.jpg").mkdir()
    with pytest.raises(BackupError, match="The database is restored, but") as told:
        backup_restore(archive, replace=True)
    assert str(covers) in told.value.message
    assert Release.objects.get().title == "Then"
