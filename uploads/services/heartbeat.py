"""Signs of life from workers."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max

from common import clock
from common.worker import worker_id
from uploads.models import Heartbeat

KEPT = timedelta(days=1)


def heartbeat_write() -> None:
    """Record that this worker process has just started a task."""
    now = clock.now()
    Heartbeat.objects.update_or_create(
        worker=worker_id()[:200], defaults={"seen_at": now}
    )
    Heartbeat.objects.filter(seen_at__lt=now - KEPT).delete()


def heartbeat_age() -> float | None:
    """Seconds since any worker started a task; None when none ever did."""
    newest = Heartbeat.objects.aggregate(newest=Max("seen_at"))["newest"]
    if newest is None:
        return None
    return float((clock.now() - newest).total_seconds())


def heartbeat_is_late() -> bool:
    """Whether workers started nothing for longer than they ever should."""
    age = heartbeat_age()
    return age is not None and age > settings.HEARTBEAT_LATE_SECONDS
