"""Nudges leave after the commit, carry ids only, and never fail their sender."""

import logging
import queue
import uuid
from multiprocessing import Value

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import Failure, OrmQ
from django_q.monitor import save_task
from django_q.worker import worker

from common.queue import enqueue
from common.redact import remember_secret
from tests.unit.common.vault_rows import VaultRow

DOTTED = "uploads.tasks.run_upload"


@pytest.fixture(autouse=True)
def _orm_broker(settings, monkeypatch):
    """The database carries the nudges, whatever BROKER_URL says."""
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "ORM", "default")
    monkeypatch.setattr(Conf, "SYNC", False)


@pytest.mark.django_db(transaction=True)
def test_a_nudge_waits_for_the_commit():
    with transaction.atomic():
        enqueue(DOTTED, upload_id=7, reason="due")
        assert OrmQ.objects.count() == 0
    (task,) = OrmQ.objects.all()
    assert task.func() == DOTTED
    assert task.task["args"] == ()
    assert task.task["kwargs"] == {"upload_id": 7, "reason": "due"}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_leaves_at_once():
    enqueue(DOTTED)
    assert OrmQ.objects.get().task["kwargs"] == {}


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_nudge_along():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(DOTTED, upload_id=7)
        raise ZeroDivisionError
    assert OrmQ.objects.count() == 0


@pytest.mark.parametrize("value", [1.5, None, True, b"x", [1], {"id": 1}, VaultRow()])
def test_only_ids_may_travel(value):
    with pytest.raises(TypeError, match="upload_id must be an int or a str"):
        enqueue(DOTTED, upload_id=value)


@pytest.mark.parametrize("name", ["group", "timeout", "q_options", "task_name", "sync"])
def test_keywords_that_the_queue_would_swallow_are_refused(name):
    with pytest.raises(ValueError, match=name):
        enqueue(DOTTED, **{name: 1})


def test_every_option_of_the_installed_queue_is_known():
    """async_task takes its options out of the keywords: none may be missed."""
    import inspect

    from django_q import tasks

    from common import queue

    source = inspect.getsource(tasks.async_task)
    options = source.split("opt_keys = (")[1].split(")")[0]
    named = {part.strip().strip('"') for part in options.split(",") if part.strip()}
    assert len(named) > 5
    assert named | {"q_options", "task_name"} == queue._TAKEN


def test_a_secret_may_not_travel():
    remember_secret("passkey-of-mine")
    with pytest.raises(ValueError, match="holds a secret") as caught:
        enqueue(DOTTED, upload_id="x-passkey-of-mine")
    assert "of-mine" not in str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_logged_and_the_sender_goes_on(caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_q_ormq RENAME TO gone_ormq")
    try:
        with caplog.at_level(logging.ERROR, logger="common.queue"):
            enqueue(DOTTED, upload_id=7)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone_ormq RENAME TO django_q_ormq")
    (record,) = [one for one in caplog.records if one.name == "common.queue"]
    assert record.exc_info
    assert "Could not queue uploads.tasks.run_upload" in record.getMessage()
    assert "'upload_id': 7" in record.getMessage()


@pytest.mark.django_db(transaction=True)
def test_a_broker_nobody_listens_for_is_logged(caplog, monkeypatch):
    from django_q import brokers
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(Conf, "BROKER_CLASS", None)
    assert brokers.get_broker().__class__.__name__ == "Redis"
    with caplog.at_level(logging.ERROR, logger="common.queue"):
        enqueue(DOTTED, upload_id=7)
    assert "the sweep will" in caplog.text


def fail_with(text):
    raise ValueError(text)


@pytest.mark.django_db
def test_a_failed_task_is_kept_without_its_secrets(monkeypatch):
    # The test's connection is this worker's as well, and must stay open.
    monkeypatch.setattr("django_q.worker.close_old_django_connections", lambda: None)
    monkeypatch.setattr("django_q.monitor.close_old_django_connections", lambda: None)
    remember_secret("planted-secret-0123")
    text = "GET https://x.example/planted-secret-0123/announce?passkey=abc1234 failed"
    task = {
        "id": uuid.uuid4().hex,
        "name": "failing",
        "func": fail_with,
        "args": (text,),
        "kwargs": {},
        "started": timezone.now(),
    }
    tasks: queue.Queue[object] = queue.Queue()
    results: queue.Queue[dict[str, object]] = queue.Queue()
    tasks.put(task)
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1), 5)
    finished = results.get()
    save_task({**finished, "args": ()}, broker=None)
    kept = Failure.objects.get().result
    assert "ValueError: GET https://x.example/[redacted]/announce" in kept
    assert "planted" not in kept
    assert "abc1234" not in kept
