"""A database or a disk in trouble while a release is prepared: it goes on afterwards."""

import errno
import logging

import pytest
from django.db import OperationalError, connection

from common import database
from common.database import is_passing, trouble_of
from releases.metadata.types import Cover
from releases.services.covers import covers_dir, covers_store
from tests import factories
from tests.interrupting import raising

pytestmark = pytest.mark.django_db(transaction=True)
MERGE = ("call", "releases.services.remerge.release_merge")
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("database or disk is full"), "its disk is full"),
        (FULL, "A disk is full"),
    ],
    ids=["rows", "disk"],
)
def test_it_is_no_failure_of_the_release(error, cause, folder, prepare):
    with raising(error, *MERGE):
        release = prepare(folder)
    assert (release.state, release.error, release.claimed_by) == ("new", {}, "")
    reason = release.events.latest("pk").reason
    assert cause in reason
    assert reason.endswith("The preparation starts again by itself.")
    assert "Herald goes on" not in reason
    assert prepare(release).state == "ready"


@pytest.mark.parametrize("place", ["at its end", "after an error"])
def test_how_it_ended_is_written_once_that_can_be(
    place, folder, prepare, monkeypatch, caplog
):
    """Its claim is a living worker's, so nobody else would ever free it."""
    monkeypatch.setattr(database, "WRITE_AGAIN_SECONDS", 0.01)
    refusals = [3]

    def refuse(execute, sql, params, many, context):
        ends = sql.startswith('UPDATE "releases_release"') and '"claimed_by"' in sql
        if ends and "preparing" in str(params[-3:]) and refusals[0]:
            refusals[0] -= 1
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), caplog.at_level(logging.WARNING):
        if place == "at its end":
            assert prepare(folder).state == "ready"
        else:
            with raising(ZeroDivisionError(), *MERGE):
                assert prepare(folder).state == "failed"
    assert refusals == [0]
    assert caplog.text.count("Waiting to write down how work ended") == 3


def test_a_cover_is_whole_or_the_old_one(settings, tmp_path, monkeypatch):
    settings.FILES_DIR = tmp_path
    release = factories.ReleaseFactory()

    def picture(content):
        return Cover(
            content=content, mime="image/png", origin="file", width=1, height=1
        )

    covers_store(release, [picture(b"old")])
    kept = covers_dir() / release.cover["file"]

    def half(path, content):
        with path.open("wb") as file:
            file.write(content[:2])
        raise FULL

    monkeypatch.setattr(type(tmp_path), "write_bytes", half)
    with pytest.raises(OSError, match="No space left") as full:
        covers_store(release, [picture(b"newer")])
    assert f"A disk is full: {covers_dir()}" in trouble_of(full.value)
    assert kept.read_bytes() == b"old"
    assert list(covers_dir().iterdir()) == [kept]


def test_what_is_too_large_for_the_database_does_not_pass():
    """To try it again and again would help nobody: PostgreSQL's class 54."""

    class TooLarge(Exception):
        sqlstate = "54000"

    error = OperationalError("index row size 2912 exceeds btree version 4 maximum 2704")
    error.__cause__ = TooLarge()
    assert not is_passing(error)


def test_only_a_full_disk_passes():
    assert is_passing(FULL)
    assert not is_passing(PermissionError(errno.EACCES, "Permission denied"))
