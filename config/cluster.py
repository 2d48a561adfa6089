"""The worker processes of this machine, and what keeps them working.

django-q2 runs them: one process (its sentinel) starts the workers and replaces those
that die. It can come to a stop without any process ending: a worker killed while it
waits holds the queue's lock for ever, and the sentinel itself may wait for a lock of
the dead. So each look of the sentinel's that finds tasks being taken is a pulse, and
without a pulse the whole cluster is killed and started anew. The rows are the truth,
so that loses no work.
"""

import ctypes
import gc
import logging
import os
import signal
import threading
import time
import uuid
from contextlib import suppress
from importlib import import_module
from multiprocessing import Event, RawValue
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import connections
from django_q.cluster import Sentinel, get_mp_context
from django_q.signals import pre_execute

from common.database import keep_connections
from common.worker import leave
from config.stopping import not_ours
from trackers.registry import families, get_adapter_class

logger = logging.getLogger(__name__)

STALL_SECONDS = 15.0
RESTART_PAUSE = 5.0
LONGEST_PAUSE = 60.0
CALM_SECONDS = 120.0  # who worked for this long may be started anew soon
END_SECONDS = 1.0
TASKS = ("releases.tasks", "uploads.tasks")
_IDLE = -1  # what a waiting worker's timer shows


class Pulse:
    """Times (monotonic seconds) in memory that the processes share.

    `seen` is when the cluster was last found well, `started` when a worker last began
    a task. There are no locks: whoever is killed holding one stops all the others.
    """

    def __init__(self) -> None:
        self._seen = RawValue(ctypes.c_double, time.monotonic())
        self._started = RawValue(ctypes.c_double, 0.0)

    def beat(self) -> None:
        """The cluster is well now."""
        self._seen.value = time.monotonic()

    def task_started(self, **_: Any) -> None:
        """A worker has begun a task."""
        self._started.value = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since the cluster was found well."""
        return time.monotonic() - float(self._seen.value)

    @property
    def started_since(self) -> bool:
        """Whether a task was begun since the cluster was last found well."""
        return float(self._started.value) > float(self._seen.value)


class WatchedSentinel(Sentinel):
    """django-q2's guard of the workers, in a process group of its own, with a pulse."""

    def __init__(self, pulse: Pulse, *args: Any) -> None:
        os.setpgid(0, 0)
        not_ours()
        self._pulse = pulse
        super().__init__(*args)

    def start(self) -> None:
        """Guard the workers until told to stop."""
        try:
            super().start()
        except Exception as exc:  # noqa: BLE001 - the last word of this process
            # Mostly a broker or a database that is away: the supervisor starts anew.
            logger.critical("The workers stopped: %s: %s", type(exc).__name__, exc)
            raise SystemExit(1) from None

    def status(self) -> str:
        """The cluster's state. It is asked for in every round of the guard."""
        if os.getppid() != self.parent_pid:
            os.killpg(0, signal.SIGKILL)  # nobody is left to stop or restart us
        if not self._is_stuck():
            self._pulse.beat()
        return str(super().status())

    def _is_stuck(self) -> bool:
        """Tasks wait, a worker is idle, and nothing was begun since the last look."""
        # The values themselves, past their locks.
        waiting = self.task_queue.size.count.get_obj().value > 0
        idle = any(worker.timer.get_obj().value == _IDLE for worker in self.pool)
        return waiting and idle and not self._pulse.started_since


def next_pause(pause: float, lasted: float) -> float:
    """Seconds from the coming start to one after it, when the last one lasted so long.

    Doubles while starting is in vain, as with a database that takes no writes.
    """
    return RESTART_PAUSE if lasted >= CALM_SECONDS else min(2 * pause, LONGEST_PAUSE)


class WorkerCluster:
    """Starts, watches and stops the worker processes."""

    def __init__(self) -> None:
        self._sentinel: BaseProcess | None = None
        self._stop_event = Event()
        self._pulse = Pulse()
        self._started_at = 0.0
        self._pause = RESTART_PAUSE

    def start(self) -> None:
        """Start the workers as children of this process."""
        leave(False)
        preload()
        # Otherwise django-q2 opens one for each nudge it sends or takes and each look at
        # its queue. It closes them before it forks.
        keep_connections()
        # A connection that both sides of a fork use is of no use to either.
        connections.close_all()
        self._pulse = Pulse()
        pre_execute.connect(
            self._pulse.task_started, weak=False, dispatch_uid="herald-pulse"
        )
        self._stop_event = Event()
        self._sentinel = get_mp_context().Process(
            target=WatchedSentinel,
            args=(self._pulse, self._stop_event, Event(), uuid.uuid4(), None, None),
        )
        self._sentinel.start()
        self._started_at = time.monotonic()

    @property
    def is_well(self) -> bool:
        """Whether the workers run and take what is queued."""
        return (
            self._sentinel is not None
            and self._sentinel.is_alive()
            and self._pulse.age < STALL_SECONDS
        )

    def keep(self) -> bool:
        """Start the workers anew when they are not well; True when it did."""
        lasted = time.monotonic() - self._started_at
        if self.is_well or lasted < self._pause:
            return False
        self._pause = next_pause(self._pause, lasted)
        logger.critical(
            "The workers took nothing for %.0f s, or died; they are started anew.",
            self._pulse.age,
        )
        self.kill()
        self.start()
        return True

    def stop(self, *, seconds: float) -> bool:
        """Let the workers finish what they do, then kill them; True when all ended."""
        if self._sentinel is None:
            return True
        leave()
        # In a thread: the event's lock may be held by a process that was killed.
        threading.Thread(target=self._stop_event.set, daemon=True).start()
        self._sentinel.join(seconds)
        finished = not self._sentinel.is_alive()
        self.kill()
        return finished

    def signal_kill(self) -> None:
        """Send SIGKILL to every process of the cluster, and wait for nothing."""
        if self._sentinel is not None and self._sentinel.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._sentinel.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End every process of the cluster at once."""
        if self._sentinel is None or self._sentinel.pid is None:
            return
        self.signal_kill()
        self._sentinel.kill()  # in case it died before it had its own group
        self._sentinel.join()
        _wait_for_end(self._sentinel.pid)


def preload() -> None:
    """Load what tasks need: forked workers share it, and the first of each is quick.

    The garbage collector leaves it alone from here on. Looking through it again and
    again takes time, and touching it makes each process a copy.
    """
    for name in TASKS:
        import_module(name)
    for family in families():
        get_adapter_class(family)
    gc.collect()
    gc.freeze()


def _wait_for_end(group: int) -> None:
    """Until the killed are gone. Their claims can be told from those of the living."""
    deadline = time.monotonic() + END_SECONDS
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.02)
