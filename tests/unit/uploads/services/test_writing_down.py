"""A database that is away for a moment just when something is known."""

import logging
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from common import database
from common.worker import leave, worker_id
from uploads.services.approval import release_approve
from uploads.services.claiming import claim_next
from uploads.services.running import upload_run, uploads_work
from uploads.services.settling import upload_settle
from uploads.states import Outcome, UploadStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(database, "WRITE_AGAIN_SECONDS", 0.01)


@pytest.fixture
def one(ready, upload):
    """Only RED's upload is approved."""
    release_approve(release_id=ready.pk, actor_id=None, upload_ids=[upload("red").pk])


@contextmanager
def refusing_writes(times, *, once):
    """Refuse so many updates of uploads from the statement on that `once` names."""
    state = {"begun": False, "left": times}

    def look(execute, sql, params, many, context):
        update = sql.startswith('UPDATE "uploads_upload')
        if state["begun"] and update and state["left"]:
            state["left"] -= 1
            raise OperationalError("disk I/O error")
        state["begun"] |= update and once in str(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield state


@pytest.mark.parametrize(
    ("fault", "status", "outcome"),
    [
        (None, UploadStatus.SUCCESS, Outcome.SUCCESS),
        ("refuse", UploadStatus.FAILED, Outcome.REJECTED),
        ("429", UploadStatus.PENDING, Outcome.RATE_LIMITED),
        ("drop-after", UploadStatus.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_the_sites_answer_is_written_once_that_can_be(
    fault, status, outcome, one, upload, sandbox, caplog
):
    if fault:
        sandbox.fail("red", "upload", fault)
    with (
        refusing_writes(3, once="'sending'") as state,
        caplog.at_level(logging.WARNING),
    ):
        uploads_work()
    assert state["left"] == 0
    assert caplog.text.count("Waiting to write down how work ended") == 3
    ended = upload("red")
    assert ended.status == status
    assert not ended.claimed_by
    assert ended.attempts.get().outcome == outcome
    assert len(sandbox.requests("red", "upload")) == 1


def test_what_a_look_found_is_written_once_that_can_be(one, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    uploads_work()
    unknown = upload("red")
    type(unknown).objects.filter(pk=unknown.pk).update(not_before=None)
    # The first update takes the look.
    with refusing_writes(2, once=worker_id()) as state:
        upload_settle(unknown.pk)
    assert state == {"begun": True, "left": 0}
    found = upload("red")
    assert found.status == UploadStatus.SUCCESS
    assert not found.claimed_by


def test_a_worker_that_is_being_stopped_does_not_wait(one, upload, sandbox):
    taken = claim_next()
    assert taken is not None
    with refusing_writes(1_000, once="'sending'"):
        leave()
        try:
            with pytest.raises(OperationalError):
                upload_run(taken)
        finally:
            leave(False)
    assert upload("red").status == UploadStatus.UPLOADING
    assert len(sandbox.requests("red", "upload")) == 1
