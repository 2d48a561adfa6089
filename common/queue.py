"""Nudges to the workers: the one place that knows django-q2.

The rows are the truth and a queued task only asks somebody to look at one. A nudge
that is lost costs time, never work: the sweep queues what is due again.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction

from common.redact import redact

logger = logging.getLogger(__name__)

# Keywords that django-q2 would take for itself instead of handing them on.
_TAKEN = frozenset(
    {
        "ack_failure",
        "broker",
        "cached",
        "chain",
        "cluster",
        "group",
        "hook",
        "iter_cached",
        "iter_count",
        "q_options",
        "save",
        "sync",
        "task_name",
        "timeout",
    }
)


def enqueue(dotted: str, **ids: int | str) -> None:
    """Queues `dotted(**ids)` once the transaction is committed.

    Tasks are stored where people can read them, so only ids travel: a TypeError
    refuses everything but int and str, a ValueError a known secret or a keyword of
    django-q2's own. A broker that is down is logged.
    """
    for name, value in ids.items():
        if type(value) not in (int, str):
            raise TypeError(f"{dotted}: {name} must be an int or a str, to be an id.")
        if name in _TAKEN:
            raise ValueError(f"{dotted}: django-q2 keeps the keyword {name} to itself.")
        if isinstance(value, str) and redact(value) != value:
            raise ValueError(f"{dotted}: {name} holds a secret; queue an id instead.")

    def send() -> None:
        _send(dotted, ids)

    transaction.on_commit(send)


def _send(dotted: str, ids: dict[str, Any]) -> None:
    from django_q.tasks import async_task

    seconds = settings.TASK_TIMEOUTS.get(dotted)
    options = {"timeout": seconds} if seconds else {}
    try:
        async_task(dotted, **ids, **options)
    except Exception:  # whatever the broker raises: the sweep queues it again
        logger.exception("Could not queue %s %s; the sweep will.", dotted, ids)


def backlog() -> int | None:
    """How many nudges wait for a worker; None when the broker does not answer."""
    from django_q.brokers import get_broker

    try:
        return int(get_broker().queue_size())
    except Exception as exc:  # noqa: BLE001 - as above
        logger.warning("The queue does not answer (%s).", type(exc).__name__)
        return None


def redact_failures() -> None:
    """Have each worker redact what a failed task said before it is stored or logged.

    In the worker, not where it is stored: only the process that raised the error
    knows the secrets it used.
    """
    from django_q.signals import post_execute_in_worker

    post_execute_in_worker.connect(_redact_failure, dispatch_uid="herald-redact")


def _redact_failure(*, task: dict[str, Any], **_: object) -> None:
    # A task that runs at once (sync) is told of before it has a result.
    if task.get("success") is False:
        task["result"] = redact(str(task["result"]))
