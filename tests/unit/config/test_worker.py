"""The supervisor's parts. What it does with real processes: tests/real/test_worker*."""

import time

import pytest
from django.core.management import CommandError, call_command, get_commands

from common.worker import is_leaving, leave
from config.cluster import (
    CALM_SECONDS,
    RESTART_PAUSE,
    STALL_SECONDS,
    Pulse,
    WorkerCluster,
    next_pause,
)
from uploads.services.running import uploads_work


@pytest.fixture
def leaving():
    """This process is asked to begin nothing new."""
    leave()
    yield
    leave(False)


def test_a_pulse_grows_old_until_it_beats():
    pulse = Pulse()
    time.sleep(0.02)
    assert pulse.age >= 0.02
    before = pulse.age
    pulse.beat()
    assert pulse.age < before


def test_a_pulse_knows_whether_a_task_began_since():
    pulse = Pulse()
    assert not pulse.started_since
    pulse.task_started(sender="django_q", task={})
    assert pulse.started_since
    pulse.beat()
    assert not pulse.started_since


def test_a_cluster_that_was_never_started_is_not_well_and_can_be_stopped():
    cluster = WorkerCluster()
    assert not cluster.is_well
    assert cluster.stop(seconds=0.1)
    cluster.kill()


def test_starting_in_vain_becomes_rarer_and_a_calm_time_ends_that():
    pauses = [RESTART_PAUSE]
    for _ in range(6):
        pauses.append(next_pause(pauses[-1], lasted=pauses[-1]))
    assert pauses == [5, 10, 20, 40, 60, 60, 60]
    assert next_pause(60, lasted=CALM_SECONDS) == RESTART_PAUSE


def test_a_stall_is_shorter_than_what_readyz_complains_about(settings):
    assert STALL_SECONDS < settings.HEARTBEAT_LATE_SECONDS


@pytest.mark.django_db
def test_a_worker_that_leaves_takes_nothing_new(approved_upload, leaving):
    assert is_leaving()
    assert uploads_work() == 0
    approved_upload.refresh_from_db()
    assert approved_upload.status == "pending"


@pytest.fixture
def approved_upload(db):
    from tests.factories import CredentialFactory, UploadFactory

    upload = UploadFactory(status="pending")
    CredentialFactory(tracker=upload.tracker)
    return upload


def test_the_command_wants_a_number_for_its_grace():
    assert get_commands()["worker"] == "config"
    with pytest.raises(CommandError, match="invalid float value"):
        call_command("worker", "--grace", "long")
