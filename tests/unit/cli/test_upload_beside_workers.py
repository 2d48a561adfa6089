"""The command beside workers: who lives does the work, who is gone is not waited for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.worker import worker_id
from releases.models import Release
from uploads.models import Heartbeat
from uploads.services.running import uploads_work

pytestmark = pytest.mark.django_db(transaction=True)


def test_while_a_worker_lives_it_does_the_sending(cli, book, desk):
    Heartbeat.objects.create(worker=worker_id(), seen_at=timezone.now())
    said = cli(str(book), "--yes", "--wait", "1", "--json")
    assert said.code == 4
    assert desk.sandbox.uploads() == []
    assert "in the background" in said.of("unfinished")[0]["message"]
    uploads_work()
    assert cli(str(book), "--wait", "5").code == 4  # nobody follows the seeding yet
    Heartbeat.objects.all().delete()
    assert cli(str(book)).code == 0


@pytest.mark.parametrize("worker", ["dead", "late"])
def test_a_worker_that_is_gone_is_not_waited_for(cli, book, desk, worker, settings):
    late = timedelta(seconds=settings.HEARTBEAT_LATE_SECONDS + 1)
    host, place, *_ = worker_id().split(":")
    name = f"{host}:{place}:999999999:1" if worker == "dead" else worker_id()
    seen = timezone.now() - (late if worker == "late" else late * 0)
    Heartbeat.objects.create(worker=name, seen_at=seen)
    assert cli(str(book), "--yes").code == 0


def test_what_a_dead_command_was_preparing_is_taken_over(cli, book, desk):
    cli(str(book))
    host, place, *_ = worker_id().split(":")
    Release.objects.update(
        state="preparing",
        claimed_by=f"{host}:{place}:999999999:1",
        claimed_at=timezone.now(),
    )
    assert cli(str(book), "--yes").code == 0
