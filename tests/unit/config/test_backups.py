"""Backups, and what comes after one was brought back."""

import errno
import io
import os
import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, transaction
from django_q.models import OrmQ

from common.keys import parse_keys
from config.backups.archive import backup_make, opened
from config.backups.dumps import BackupError
from config.backups.restoring import backup_restore
from config.people.models import Session
from releases.metadata.types import Cover
from releases.models import Release
from releases.services.claims import release_claim
from releases.services.covers import cover_path, covers_store
from tests import factories
from tests.driving import claim, drive, work
from tests.hunting import leaks
from trackers.models import Credential, Tracker
from uploads.models import Heartbeat, Upload, UploadAttempt
from uploads.services.approval import release_approve
from uploads.services.attempts import attempt_open, attempt_sending
from uploads.services.queueing import upload_retry

pytestmark = pytest.mark.django_db(transaction=True)


def approve():
    release_approve(release_id=Release.objects.get().pk, actor_id=None)


def approved():
    approve()


def sending():
    approve()
    upload = claim()
    assert upload.credential
    attempt = attempt_open(upload, upload.credential)
    attempt_sending(attempt)


def unknown(sandbox):
    for site in ("red", "ops"):
        sandbox.fail(site, "upload", "drop-before")
    approve()
    work()
    assert Upload.objects.filter(status="unknown").count() == 2


def failed(sandbox):
    for site in ("red", "ops"):
        sandbox.fail(site, "upload", "refuse")
    approve()
    drive()
    assert Upload.objects.filter(status="failed").count() == 2


def finish():
    """What happens after the backup: everything is sent."""
    for upload in Upload.objects.filter(status="failed"):
        upload_retry(upload_id=upload.pk)
    if Upload.objects.filter(status="draft").exists():
        approve()
    Upload.objects.filter(status="uploading").update(claimed_at="2020-01-01T00:00:00Z")
    drive()
    assert set(Upload.objects.values_list("status", flat=True)) == {"success"}


@pytest.mark.parametrize("state", ["draft", "approved", "sending", "unknown", "failed"])
def test_what_was_sent_after_the_backup_is_not_sent_again(
    state, quick_desk, sandbox, archive, covers
):
    {
        "draft": lambda: None,
        "approved": approved,
        "sending": sending,
        "unknown": lambda: unknown(sandbox),
        "failed": lambda: failed(sandbox),
    }[state]()
    backup_make(archive)
    finish()
    known = {site: sandbox.uploads(site)[0]["id"] for site in ("red", "ops")}
    sent = {site: len(sandbox.requests(site, "upload")) for site in known}

    result = backup_restore(archive, replace=True)
    assert result.asked_first == 2
    assert not Upload.objects.filter(status__in=("uploading", "success")).exists()
    finish()
    for upload in Upload.objects.all():
        site = upload.tracker.slug
        assert upload.remote_id == str(known[site])
        assert len(sandbox.uploads(site)) == 1
        assert len(sandbox.requests(site, "upload")) == sent[site], "sent again"


def test_what_was_not_sent_is_sent_once_after_a_look(
    quick_desk, sandbox, archive, covers
):
    approve()
    backup_make(archive)
    backup_restore(archive, replace=True)
    work()
    assert Upload.objects.filter(status="unknown").count() == 2
    drive()
    for site in ("red", "ops"):
        assert len(sandbox.requests(site, "upload")) == 1
    assert not Upload.objects.filter(ask_first=True).exclude(status="success").exists()


def test_covers_rows_and_torrents_come_back(quick_desk, archive, covers):
    drafts = list(Upload.objects.order_by("pk").values())
    password = Credential.objects.get(tracker__slug="red").values["api_key"]
    manifest = backup_make(archive)
    (covers / "1.jpg").write_bytes(b"another")
    (covers / "2.png").write_bytes(b"new")
    Upload.objects.all().delete()
    Release.objects.update(title="changed")
    Credential.objects.all().delete()
    result = backup_restore(archive, replace=True)
    assert [p.name for p in covers.iterdir()] == ["1.jpg"]
    assert (covers / "1.jpg").read_bytes() == b"a picture"
    now = list(Upload.objects.order_by("pk").values())
    assert [{**row, "ask_first": False} for row in now] == drafts
    assert Credential.objects.get(tracker__slug="red").values["api_key"] == password
    assert result.manifest == manifest
    assert result.missing_keys == []
    # What was there before is kept, and can be brought back in turn.
    assert result.kept is not None
    backup_restore(result.kept, replace=True)
    assert Release.objects.get().title == "changed"
    assert (covers / "2.png").read_bytes() == b"new"


def test_pictures_come_back_under_the_names_they_are_stored_by(quick_desk, archive):
    picture = Cover(content=b"a picture", mime="image/jpeg", origin="file")
    covers_store(Release.objects.get(), [picture])
    stored = cover_path(Release.objects.get())
    assert stored
    half = stored.with_name(f"{stored.name}.7.new")
    half.write_bytes(b"a pic")
    backup_make(archive)
    half.unlink()
    stored.unlink()
    backup_restore(archive, replace=True)
    assert stored.read_bytes() == b"a picture"
    assert not half.exists(), "what was being written is no part of a backup"


def test_nothing_that_ran_then_runs_now(quick_desk, archive, covers, django_user_model):
    release = Release.objects.get()
    assert release_claim(release.pk)
    OrmQ.objects.create(key="x", payload="y", lock="2020-01-01T00:00:00Z")
    Heartbeat.objects.create(worker="gone:a.1:1:1", seen_at="2020-01-01T00:00:00Z")
    Session.objects.create(
        session_key="s",
        session_data="",
        expire_date="2099-01-01T00:00:00Z",
        started_at=release.created_at,
        seen_at=release.created_at,
    )
    backup_make(archive)
    backup_restore(archive, replace=True)
    release.refresh_from_db()
    assert (release.state, release.claimed_by) == ("new", "")
    for model in (OrmQ, Heartbeat, Session):
        assert not model.objects.exists(), model


def test_a_backup_holds_no_secret_and_no_key(quick_desk, archive, covers, settings):
    backup_make(archive)
    with opened(archive) as (manifest, folder):
        places = [(p.name, p.read_bytes()) for p in folder.rglob("*") if p.is_file()]
        assert len(places) == 3
    secrets = {
        "the master key": settings.HERALD_KEYS["text"].partition(":")[2],
        **{
            f"{row.tracker.slug}'s {name}": value
            for row in Credential.objects.all()
            for name, value in row.values.items()
        },
    }
    assert len(secrets) == 5
    assert leaks(secrets, places) == []
    assert manifest.keys == ["test"]
    assert archive.stat().st_mode & 0o777 == 0o600


# --- While others write --------------------------------------------------------------


def test_a_backup_under_load_is_one_consistent_state(archive, covers):
    """Pairs of rows are written in one transaction each: never half of one is seen."""
    stop = threading.Event()
    written = 0

    def write():
        nonlocal written
        while not stop.is_set():
            with transaction.atomic():
                for part in ("a", "b"):
                    factories.TrackerFactory(slug=f"{part}-{written}")
            written += 1
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = written
            while written < before + 3:
                stop.wait(0.01)
            backup_make(archive.with_name(f"{number}.tar.gz"))
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        backup_restore(archive.with_name(f"{number}.tar.gz"), replace=True)
        slugs = set(Tracker.objects.values_list("slug", flat=True))
        pairs = {slug[2:] for slug in slugs}
        assert len(pairs) >= 3 * (number + 1)
        assert slugs == {f"{part}-{one}" for part in "ab" for one in pairs}


# --- The commands --------------------------------------------------------------------


def said(*command):
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_the_commands_say_what_they_did(tmp_path, archive, covers, settings):
    factories.CredentialFactory()
    text = said("backup", str(archive))
    assert "MiB, as of 20" in text
    assert "need the master keys test: keep a copy of them elsewhere" in text
    text = said("restore", str(archive))
    assert "0 uploads are not finished" in text
    keys = tmp_path / "keys"
    text = said("backup", str(tmp_path / "second.tar.gz"), "--keys", str(keys))
    assert "keys test. Keep it elsewhere." in text
    assert keys.stat().st_mode & 0o777 == 0o600
    ring = parse_keys(keys.read_text(), where="the file")
    assert ring == parse_keys(settings.HERALD_KEYS["text"], where="the settings")
    with pytest.raises(CommandError, match="exists already"):
        said("backup", str(tmp_path / "third.tar.gz"), "--keys", str(keys))
    factories.ReleaseFactory()
    assert "before-restore-" in said("restore", str(archive), "--replace")


def test_a_passphrases_key_opens_the_backup_as_a_file(
    tmp_path, archive, covers, settings
):
    settings.HERALD_KEYS = {"passphrase": "a long and made-up passphrase"}
    row = factories.CredentialFactory(values={"api_key": "something-secret"})
    said("backup", str(archive), "--keys", str(tmp_path / "keys"))
    settings.HERALD_KEYS = {"file": str(tmp_path / "keys")}
    said("restore", str(archive))
    assert Credential.objects.get(pk=row.pk).values["api_key"] == "something-secret"


def test_an_attempt_that_was_open_is_closed(quick_desk, archive, covers):
    sending()
    backup_make(archive)
    backup_restore(archive, replace=True)
    attempt = UploadAttempt.objects.get()
    assert attempt.outcome == "stale"


def test_a_backup_may_go_to_a_disk_that_has_no_hard_links(archive, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    backup_make(archive)
    with opened(archive) as (manifest, _):
        assert manifest.format == 1
    assert archive.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="exists already"):
        backup_make(archive)
