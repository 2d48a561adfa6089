"""Work in threads: errors are logged and nothing stops."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from releases.models import Release
from tests import factories
from tests.workers import wait_until
from uploads.cli import background
from uploads.cli.background import BackgroundCall, LocalWorker
from uploads.models import Upload

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_that_breaks_says_so(caplog):
    def broken():
        raise ZeroDivisionError("only for the log")

    call = BackgroundCall(broken)
    call.wait()  # not started: nothing to wait for
    call.start()
    call.wait()
    assert call.failed
    assert call.is_over()
    assert "only for the log" in caplog.text


def test_a_database_that_is_away_for_a_moment_stops_nothing(monkeypatch, caplog):
    rounds = []

    def away():
        rounds.append(1)
        raise OperationalError("away")

    monkeypatch.setattr(background, "uploads_work", away)
    with LocalWorker() as worker:
        assert not worker.works
        worker.start()
        assert worker.works
        wait_until(lambda: len(rounds) > 8)
    assert "away" in caplog.text


def test_what_waits_for_its_daily_look_keeps_nobody_waiting():
    due = timezone.now() - timedelta(minutes=1)
    waits = factories.UploadFactory(
        status="success", seeding="waiting", seeding_due_at=due
    )
    tracker = factories.TrackerFactory()
    for _ in range(60):
        factories.UploadFactory(
            status="success", seeding="confirmed", seeding_due_at=due, tracker=tracker
        )
    with LocalWorker() as worker:
        worker.start()
        wait_until(lambda: Upload.objects.get(pk=waits.pk).seeding == "no_client")


def test_a_preparation_that_cannot_be_written_down_ends_the_command(
    cli, tmp_path, monkeypatch
):
    from uploads.cli import local

    factories.UserFactory(username="root", is_superuser=True)
    (tmp_path / "Book").mkdir()
    (tmp_path / "Book" / "1.mp3").write_bytes(b"x")
    factories.LibraryFactory(path=str(tmp_path))

    def away(release_id):
        raise OperationalError("away")

    monkeypatch.setattr(local, "release_prepare", away)
    said = cli(str(tmp_path / "Book"), "--json")
    assert said.code == 1
    assert said.events[-1]["code"] == "internal"
    assert Release.objects.get().state == "new"
