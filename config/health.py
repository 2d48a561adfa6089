"""/healthz: this process answers. /readyz: everything it needs is there."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.figures import size_text
from config.writes import write_and_forget
from uploads.services.heartbeat import heartbeat_age


def healthz(request: HttpRequest) -> JsonResponse:
    """Always 200 while the process can answer."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503; each part says how it is in one sentence."""
    with override(settings.LANGUAGE_CODE):  # programs read it
        checks = {
            "database": _guard(_database),
            "migrations": _guard(_migrations),
            **vital_signs(),
        }
    ok = all(part["ok"] for part in checks.values())
    return JsonResponse(
        {"status": "ok" if ok else "unavailable", "checks": checks},
        status=200 if ok else 503,
    )


def vital_signs() -> dict[str, dict[str, object]]:
    """What changes while Herald runs: the worker and the disk, in the page's language."""
    return {"worker": _guard(_worker), "disk": _guard(_disk)}


def _guard(check: Callable[[], tuple[bool, str]]) -> dict[str, object]:
    try:
        ok, message = check()
    except DatabaseError:
        ok, message = False, _("The database does not answer.")
    except OSError:
        ok, message = False, _("The data folder cannot be read.")
    return {"ok": ok, "message": message}


def _database() -> tuple[bool, str]:
    try:
        write_and_forget()  # one that is full or read-only still answers questions
    except DatabaseError:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return False, "The database answers, but takes nothing: full or read-only?"
    return True, f"{connection.vendor} answers and can be written to."


def _migrations() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return False, f"{len(waiting)} migrations are waiting; run manage.py migrate."
    return True, "All migrations are applied."


def _worker() -> tuple[bool, str]:
    age = heartbeat_age()
    if age is None:
        return False, _("No worker ever started a task; run manage.py worker.")
    seconds = {"seconds": f"{age:.0f}"}
    if age > settings.HEARTBEAT_LATE_SECONDS:
        words = _("No worker started a task for %(seconds)s s; restart the worker.")
        return False, words % seconds
    return True, _("A worker started a task %(seconds)s s ago.") % seconds


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    room = {"free": size_text(free)}
    if free < settings.DISK_LOW_BYTES:
        return False, _("Only %(free)s are free in the data folder.") % room
    return True, _("%(free)s are free in the data folder.") % room
